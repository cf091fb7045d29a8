extension Column {
  /// Words between the ends of a set for which a table is built rather than a hash.
  private static let tableCountMax = 65_536

  func makePrepared(_ test: ColumnTest) -> PreparedTest {
    PreparedTest(test: test, version: version, form: form(of: test))
  }

  private func form(of test: ColumnTest) -> PreparedTest.Form {
    precondition(isFitting(test), "a test of another type than the column")
    return switch test {
    case .known: .everything
    case .unknown: .unknown
    case .words(let range): wordForm(range.lowerBound, range.upperBound)
    case .wordSet(let words): setForm(words)
    case .reals(let lower, let isLowerOpen, let upper, let isUpperOpen):
      realForm(lower, isLowerOpen, upper, isUpperOpen)
    case .realSet(let reals): .realSet(reals.filter { !$0.isNaN }.sorted())
    case .text(let test): textForm(test)
    }
  }

  private func isFitting(_ test: ColumnTest) -> Bool {
    switch (test, type) {
    case (.known, _), (.unknown, _), (.text, .text): true
    case (.reals, .number), (.realSet, .number): true
    case (.words, .text), (.words, .number), (.wordSet, .text), (.wordSet, .number): false
    case (.words, _), (.wordSet, _): true
    default: false
    }
  }

  private func wordForm(_ lower: Int64, _ upper: Int64) -> PreparedTest.Form {
    let total = statistics.total
    if total.lower > upper || total.upper < lower { return .nothing }
    if total.lower >= lower && total.upper <= upper { return .everything }
    return .words(max(lower, total.lower), min(upper, total.upper))
  }

  private func setForm(_ words: Set<Int64>) -> PreparedTest.Form {
    // Words that no row has need no place in the table.
    let total = statistics.total
    let met = words.filter { $0 >= total.lower && $0 <= total.upper }
    guard let lower = met.min(), let upper = met.max() else { return .nothing }
    let (span, isOverflow) = upper.subtractingReportingOverflow(lower)
    if !isOverflow && span == met.count - 1 { return wordForm(lower, upper) }
    guard !isOverflow, span < Self.tableCountMax else {
      return .hash(WordHash(met, lower: lower, upper: upper))
    }
    var passes = [UInt8](repeating: 0, count: Int(span) + 1)
    for word in met { passes[Int(word - lower)] = 0x80 }
    return .table(lower: lower, passes: passes)
  }

  private func realForm(
    _ lower: Double, _ isLowerOpen: Bool, _ upper: Double, _ isUpperOpen: Bool
  ) -> PreparedTest.Form {
    if isLowerOpen && lower == .infinity || isUpperOpen && upper == -.infinity { return .nothing }
    let first = isLowerOpen ? lower.nextUp : lower
    let last = isUpperOpen ? upper.nextDown : upper
    return first <= last ? .reals(first, last) : .nothing
  }

  /// With a dictionary each distinct text is tested once, here.
  private func textForm(_ test: TextTest) -> PreparedTest.Form {
    let search = HeapSearch(test)
    switch storage {
    case .codes8(_, let dictionary), .codes16(_, let dictionary):
      var passes = [UInt8](repeating: 0, count: dictionary.count)
      var passingCount = 0
      for code in passes.indices where search.passes(dictionary.heap.text(code)) {
        passes[code] = 0x80
        passingCount += 1
      }
      if passingCount == 0 { return .nothing }
      if passingCount == passes.count { return .everything }
      if passingCount == 1, let code = passes.firstIndex(of: 0x80) { return .code(Int64(code)) }
      return .codes(passes)
    default: return .text(search)
    }
  }
}

extension ColumnTest {
  /// Whether both test the same; texts are compared by bytes.
  func isSame(as other: ColumnTest) -> Bool {
    switch (self, other) {
    case (.words(let a), .words(let b)): a == b
    case (.wordSet(let a), .wordSet(let b)): a == b
    case (.reals(let a, let b, let c, let d), .reals(let e, let f, let g, let h)):
      a == e && b == f && c == g && d == h
    case (.realSet(let a), .realSet(let b)): a == b
    case (.text(let a), .text(let b)): a.kind.isSame(as: b.kind)
    case (.known, .known), (.unknown, .unknown): true
    default: false
    }
  }
}

extension TextTest.Kind {
  /// Whether both test the same.
  fileprivate func isSame(as other: TextTest.Kind) -> Bool {
    switch (self, other) {
    case (.equals(let a), .equals(let b)), (.equalsExactly(let a), .equalsExactly(let b)),
      (.contains(let a), .contains(let b)), (.startsWith(let a), .startsWith(let b)),
      (.endsWith(let a), .endsWith(let b)), (.hasWord(let a), .hasWord(let b)),
      (.like(let a), .like(let b)):
      a.utf8.elementsEqual(b.utf8)
    case (.isOneOf(let a), .isOneOf(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    case (.matches(let a), .matches(let b)): a.source.utf8.elementsEqual(b.source.utf8)
    case (.ordered(let sign, let a), .ordered(let otherSign, let b)):
      sign == otherSign && a.utf8.elementsEqual(b.utf8)
    default: false
    }
  }
}
