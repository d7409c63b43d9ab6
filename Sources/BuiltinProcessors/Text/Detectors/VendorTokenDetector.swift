/// Tokens whose form their vendors have made known, so that they can be told from any other text.
///
/// Most begin with a prefix of their own (`VendorTokenForm.table`); a few are known by what stands within them.
struct VendorTokenDetector: ByteTextDetector {
  let name = "vendor_token"

  let triggers = [
    "(?:AKIA|ASIA)[0-9A-Z]{8}", "ABSK[0-9A-Za-z+/]{8}", "AIza[0-9A-Za-z_-]{8}", "GOCSPX-", #"ya29\."#,
    "1//0[0-9A-Za-z_-]",
    "(?:AccountKey|SharedAccessKey)=", "do[opr]_v1_", #"hv[sbr]\.[0-9A-Za-z_-]{8}"#, "fm(?:1r|1a|2)_[0-9A-Za-z+/]",
    "fo1_[0-9A-Za-z_-]", "dapi[0-9a-f]{8}",
    "gh[pousr]_[0-9A-Za-z._-]{8}", "github_pat_",
    "gl(?:pat|dt|ft|soat|rt|rtr|ptt|cbt|agent|imt|oas|ffct)-[0-9A-Za-z._-]{8}",
    "npm_[0-9A-Za-z]{8}", "pypi-[0-9A-Za-z_-]{8}", "rubygems_[0-9a-f]", "dckr_pat_", "AT[AC]TT3", "ATBB[0-9A-Za-z]{8}",
    "lin_(?:api|oauth)_", "PMAK-", "fig[du]_[0-9A-Za-z_-]{8}",
    "xox[bparscde][.-]", "xapp-", #"hooks\.slack\.com"#, #"discord(?:app)?\.com"#,
    #"webhook\.office\.com"#,
    "[rs]k_(?:live|test)_", "whsec_", "shp(?:at|ca|pa|ss)_[0-9A-Fa-f]", "sq0(?:atp|csp)-", "EAA[0-9A-Za-z_-]{16}",
    "pul-[0-9a-f]{8}", "-us[0-9]",
    "sk-(?:ant|proj|svcacct|admin|or-v1)-", "sk-[0-9A-Za-z]{12}", "hf_[0-9A-Za-z]{12}", "api_org_",
    "r8_[0-9A-Za-z]{12}",
    "gsk_[0-9A-Za-z]{12}",
    #"SG\.[0-9A-Za-z_-]{12}"#, "key-[0-9a-f]{12}", "SK[0-9a-f]{12}", "secret_[0-9A-Za-z]{12}", "ntn_[0-9A-Za-z]{12}",
    #"sl\.[0-9A-Za-z._-]{60}"#, "NR(?:AK|AA|II)-", "sntry[su]_", "glsa_[0-9A-Za-z]", "glc_[0-9A-Za-z+/]{12}",
    #"dp\.(?:pt|st|ct|sa)\.[0-9A-Za-z]"#, "sbp_[0-9a-f]{12}", "sb_secret_", "AGE-SECRET-KEY-1",
    "(?::|%3[Aa])AA[0-9A-Za-z_-]{33}", #"\.atlasv1\."#, "FFFFNRAL", #"\+ASt[0-9A-Za-z+/]{6}=="#,
    "(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){3}",
  ]

  // Put together, so that scanners of repositories do not take it for a real one.
  let sample = DetectorSample(
    before: "push failed: ", secret: "ghp" + "_" + String(repeating: "sample", count: 6), after: " is not allowed")

  private let forms = VendorTokenForm.table
  /// Where the forms that begin with a byte stand in `order`, and how many; most bytes begin none.
  private let starts: [UInt8]
  private let order: [UInt8]

  init() {
    var starts: [UInt8] = []
    var order: [UInt8] = []
    for byte in 0...255 {
      starts.append(UInt8(order.count))
      for (index, form) in forms.enumerated() where form.prefix.withUTF8Buffer({ Int($0[0]) == byte }) {
        order.append(UInt8(index))
      }
    }
    starts.append(UInt8(order.count))
    self.starts = starts
    self.order = order
  }

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    var last = 0
    text.forEachWord { word in
      guard let range = token(beginningWith: word, behind: last, text) else { return word.upperBound }
      found.add(range)
      last = range.upperBound
      return last
    }
  }

  private func token<Text: ByteText>(beginningWith word: Range<Int>, behind last: Int, _ text: Text) -> Range<Int>? {
    let first = Int(text[word.lowerBound])
    for place in Int(starts[first])..<Int(starts[first + 1]) {
      let form = forms[Int(order[place])]
      if let range = form.range(from: word.lowerBound, in: text) { return range }
    }
    return VendorTokenShapes.range(of: word, behind: last, text)
  }
}
