extension WireBuffer {
  /// Begins a length-delimited field; what is appended next is its content, until `closeDelimited`.
  ///
  /// For content whose making can throw; `appendMessage` is the shorter way where it can not.
  func openDelimited(_ number: UInt32) -> Int {
    appendTag(number, .lengthDelimited)
    append(0)
    return count
  }

  /// Ends the field that `openDelimited` began; the content moves when its length takes more than one byte.
  func closeDelimited(_ content: Int) {
    let length = count - content
    let more = Self.varintLength(UInt64(length)) - 1
    // Room for all that follows: growing later would keep only what lies before `count`.
    reserve(more + 10)
    if more > 0 { (base + content + more).update(from: base + content, count: length) }
    count = content - 1
    appendVarint(UInt64(length))
    count += length
  }
}
