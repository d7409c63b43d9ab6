internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("Parameters of URLs by name")
struct QueryParametersTests {
  private let parameters = QueryParameters(names: ["token", "access_token", "user[pin]", "two words"])

  @Test(
    "Values of wanted parameters are found",
    arguments: [
      "https://x/?token=⟦a1⟧", "GET /p?a=b&token=⟦a1⟧&c=d HTTP/1.1", "/p;token=⟦a1⟧;x=1", "a=b&token=⟦a1⟧",
      "token=⟦a1⟧&b=c", "https://x/#access_token=⟦a1⟧&state=x", "?TOKEN=⟦a1⟧", "?to%6Ben=⟦a1⟧",
      "?user%5Bpin%5D=⟦12⟧&b", "?user[pin]=⟦12⟧", "?two+words=⟦x⟧", "?two%20words=⟦x⟧", "?token=⟦a%26b%3Dc⟧&d",
      "?token=⟦a1⟧#top", "\"?token=⟦a1⟧\"", "<a href='?token=⟦a1⟧'>", "?token=⟦a=b⟧&c", "?a=1&amp;token=⟦a1⟧&amp;b",
      "?a\\u0026token=⟦a1⟧\\u0026b=1", "?token=⟦a⟧&token=⟦b⟧", "?token=⟦[REDACTED]⟧&x", "?token=⟦ä⟧ x",
      "?redirect=https%3A%2F%2Fx%2F%3Ftoken%3D⟦abc⟧%26b%3D1&c=d", "?state=token%3D⟦abc⟧%26x",
      "?r=x%3Fa%26token%3D⟦a⟧&b",
    ])
  func found(text: String) { AssignmentRig.check(text, parameters.find) }

  @Test(
    "Nothing else is",
    arguments: [
      "?tokens=a", "?my_token=a", "text token=a1", "?a=token&b=c", "?token=", "?token=&a=b", "?token", "?a=b=token=c",
      "? token=a", "https://x/token=a", "", "=", "?=a", "%3Dtoken%3D",
    ])
  func none(text: String) { AssignmentRig.check(text, parameters.find) }

  @Test("Without names nothing is found")
  func empty() { AssignmentRig.check("?token=a", QueryParameters(names: []).find) }

  @Test("A text with its values hidden has its marks for values, and no others")
  func idempotence() {
    let fragments = [
      "token", "state", "user[pin]", "to%6Ben", "=", "%3D", "%253D", "?", "&", ";", "#", "%26", "%3F", "%2526",
      "\\u0026",
      " ", "\n", "\"", "<", "+", "abc", "é", "%", "[REDACTED]", "https://x/", "redirect=", "%20", "\0", "two words",
      "?token=", "&token=", "%26token%3D",
    ]
    var generator = SeededGenerator(seed: 9)
    var count = 0
    for _ in 0..<20_000 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 1...12, using: &generator) {
        text += Array(fragments[Int.random(in: 0..<fragments.count, using: &generator)].utf8)
      }
      let ranges = AssignmentRig.ranges(text, parameters.find)
      count += ranges.count
      let hidden = AssignmentRig.hidden(text, ranges)
      #expect(
        AssignmentRig.ranges(hidden.text, parameters.find) == hidden.marks, "\(AssignmentRig.marked(text, ranges))")
    }
    #expect(count > 1000)
  }
}
