import Store
import Testing

@Suite struct FoldingTests {
  @Test func `the pairs lead both ways and stay outside ASCII but for A to Z`() {
    let pairs = Folding.allPairs
    #expect((1_400...1_600).contains(pairs.count), "\(pairs.count) pairs")
    #expect(Set(pairs.map(\.capital)).count == pairs.count)
    #expect(Set(pairs.map(\.small)).count == pairs.count)
    #expect(Set(pairs.map(\.capital)).isDisjoint(with: Set(pairs.map(\.small))))
    #expect(pairs.filter { $0.capital < 0x80 || $0.small < 0x80 }.count == 26)
    let texts = pairs.compactMap { pair -> (String, String)? in
      guard let capital = Unicode.Scalar(pair.capital), let small = Unicode.Scalar(pair.small)
      else { return nil }
      return (String(Character(capital)), String(Character(small)))
    }
    #expect(texts.count == pairs.count)
    #expect(texts.allSatisfy { Array(Folding.fold($0.0).utf8) == Array($0.1.utf8) })
    #expect(texts.allSatisfy { Array(Folding.fold($0.1).utf8) == Array($0.1.utf8) })
    #expect(texts.allSatisfy { TextTest(.equals($0.0)).passes($0.1) })
    // Reading every scalar again finds no pair that the table left out.
    let all = Set(pairs.map(\.capital))
    let missed = (UInt32(0)...0x3_FFFF).compactMap(Unicode.Scalar.init).filter { scalar in
      let small = scalar.properties.lowercaseMapping.unicodeScalars
      guard scalar.properties.changesWhenLowercased, small.count == 1, let first = small.first,
        first != scalar
      else { return false }
      return Array(first.properties.uppercaseMapping.unicodeScalars) == [scalar]
        && !all.contains(scalar.value)
    }
    #expect(missed.isEmpty)
  }

  @Test(arguments: [
    ("Ana", "ana"), ("ÅÉЖ", "åéж"), ("E\u{301}", "e\u{301}"), ("株 9", "株 9"), ("", ""),
    ("ß\u{1E9E}\u{130}\u{212A}\u{17F}", "ß\u{1E9E}\u{130}\u{212A}\u{17F}"), ("Ⱥ", "ⱥ"),
    ("ΑΩ\u{1FBC}", "αω\u{1FB3}"), ("\u{1C5}", "\u{1C5}"), ("\u{1C4}", "\u{1C6}"), ("σς", "σς"),
  ])
  func `capitals fold and nothing else changes`(row: (text: String, folded: String)) {
    #expect(Array(Folding.fold(row.text).utf8) == Array(row.folded.utf8))
    #expect(TextTest(.equals(row.text)).passes(row.folded))
  }

  @Test func `tests of texts`() throws {
    typealias Row = (TextTest.Kind, [String], [String])
    let rows: [Row] = [
      (.equals("Ærø"), ["ærø", "ÆRØ", "Ærø"], ["aerø", "ærø ", "", "ærøx"]),
      (.equals(""), [""], [" "]),
      (.equals("é"), ["É", "é"], ["e\u{301}", "e"]),
      (.equalsExactly("Ana"), ["Ana"], ["ana", "Ana ", "An", ""]),
      (.isOneOf(["DE", "éS", ""]), ["de", "De", "ÉS", ""], ["d", "es", "ded"]),
      (.isOneOf([]), [], ["", "a"]),
      (
        .contains("an"), ["Ana", "san", "xxxxxxxxxxxxxxxxxxxxxxxxxxxAN", "éan"], ["a n", "", "na"]
      ),
      (.contains(""), ["", "x"], []),
      (.contains("É"), ["café", "CAFÉ"], ["cafe", "cafe\u{301}"]),
      (.startsWith("Nor"), ["nordlys", "NOR"], ["no", "xnor", ""]),
      (.startsWith("ⱥ"), ["Ⱥb"], ["b"]),
      (.endsWith(".com"), ["A.COM", ".com"], ["com", "a.comx"]),
      (
        .hasWord("late"), ["too late", "LATE!", "late", "x-late-y", "lately late"],
        ["lately", "late9", "plate", "laté", "late\u{301}", "élate", ""]
      ),
      (.hasWord("é"), ["É", "a é."], ["éa", "aé"]),
      (.hasWord(""), [], ["", "a"]),
      (.like("a*b?"), ["abc", "AxxxbÉ", "abbb"], ["ab", "xabc", "abcd"]),
      (.like("*"), ["", "x"], []), (.like("?"), ["x", "株", "é"], ["", "xx"]),
      (.like(""), [""], ["x"]), (.like("*é*a"), ["ÉA", "xéxxa", "éaa"], ["ea", "éab"]),
      (.ordered(.less, "b"), ["A", "a", "", "B", "aé"], ["b", "bA", "C", "é"]),
      (.ordered(.lessOrEqual, "b"), ["b", "B", "a"], ["b ", "c"]),
      (.ordered(.greater, "B"), ["b", "c", "Ba"], ["B", "A"]),
      (.ordered(.greaterOrEqual, "B"), ["B", "b"], ["A", "a"]),
      (.matches(try Pattern("^[A-Z]{2}-\\d+$")), ["AB-1"], ["ab-1", "AB-", "xAB-1"]),
    ]
    for (kind, passing, failing) in rows {
      let test = TextTest(kind)
      for text in passing { #expect(test.passes(text), "\(kind) '\(text)'") }
      for text in failing { #expect(!test.passes(text), "\(kind) '\(text)'") }
    }
  }

  @Test func `contains agrees with looking everywhere`() {
    let seed: UInt64 = 3
    var random = SeededGenerator(seed: seed)
    for _ in 0..<3_000 {
      let text = (0..<6).map { _ in random.text() }.joined()
      let part = random.text()
      let (x, y) = (Array(Folding.fold(text).utf8), Array(Folding.fold(part).utf8))
      let expected = (0...x.count).contains { x[$0...].starts(with: y) }
      #expect(
        TextTest(.contains(part)).passes(text) == expected, "seed \(seed): '\(text)' '\(part)'")
      #expect(TextTest(.like("*" + part + "*")).passes(text) == expected)
      #expect(TextTest(.startsWith(part)).passes(text) == x.starts(with: y))
      #expect(TextTest(.endsWith(part)).passes(text) == x.reversed().starts(with: y.reversed()))
    }
  }
}
