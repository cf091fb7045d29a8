import Store

/// A small generator whose numbers are the same on every machine.
struct SampleRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

/// The kinds of column that tests fill with chance values.
enum SampleKind: String, CaseIterable, Sendable {
  case choice, flag, date, time, money, smallInteger, wideInteger, number
  case reference, nearReference, fewTexts, manyTexts

  var isReference: Bool { self == .reference || self == .nearReference }

  var type: ValueType {
    switch self {
    case .choice: .choice(ChoiceList(["a", "b", "c", "d", "e", "f"], isOrdered: true))
    case .flag: .flag
    case .date: .date
    case .time: .time
    case .money: .money
    case .smallInteger, .wideInteger: .integer
    case .number: .number
    case .reference, .nearReference: .reference(EntityID(0))
    case .fewTexts, .manyTexts: .text
    }
  }

  func value(_ random: inout SampleRandom) -> Scalar {
    switch self {
    case .choice: .word(.random(in: 0...5, using: &random))
    case .flag: .word(.random(in: 0...1, using: &random))
    case .date: .word(.random(in: 18_000...20_000, using: &random))
    case .time: .word(.random(in: 1_600_000_000...1_700_000_000, using: &random))
    case .money: .word(.random(in: -50_000...9_000_000, using: &random))
    case .smallInteger: .word(.random(in: -100...100, using: &random))
    case .wideInteger: .word(Int64(bitPattern: random.next()))
    case .number: .real(Double(Int.random(in: -400...400, using: &random)) / 8)
    case .reference: .word(.random(in: 0...40_000, using: &random))
    case .nearReference: .word(.random(in: 0...80, using: &random))
    case .fewTexts:
      .text(
        ["north", "South", "EAST", "west", "", "Åre", "日本"].randomElement(using: &random) ?? "")
    case .manyTexts:
      .text(
        ["Anna", "bob", "Ko Ana", "NORD", "Zoë"].randomElement(using: &random).map {
          "\($0) \(random.next() % 50_000) Ltd"
        } ?? "")
    }
  }

  /// Tests with edges in and around the values, each with what it means for a known value.
  var tests: [(test: ColumnTest, passes: @Sendable (Scalar) -> Bool)] {
    var tests: [(test: ColumnTest, passes: @Sendable (Scalar) -> Bool)] = [
      (.known, { _ in true }), (.unknown, { _ in false }),
    ]
    for range in ranges {
      tests.append(
        (.words(range), { if case .word(let word) = $0 { range.contains(word) } else { false } }))
    }
    for set in sets {
      tests.append(
        (.wordSet(set), { if case .word(let word) = $0 { set.contains(word) } else { false } }))
    }
    if case .number = self {
      for (lower, isLowerOpen, upper, isUpperOpen) in [
        (0.0, false, 10.0, false), (0.0, true, 10.0, true), (-.infinity, false, -49.875, false),
        (50.0, true, .infinity, false), (.infinity, true, .infinity, false),
        (3.5, false, 3.5, false),
      ] {
        tests.append(
          (
            .reals(lower: lower, isLowerOpen: isLowerOpen, upper: upper, isUpperOpen: isUpperOpen),
            {
              guard case .real(let real) = $0 else { return false }
              return (isLowerOpen ? real > lower : real >= lower)
                && (isUpperOpen ? real < upper : real <= upper)
            }
          ))
      }
      tests.append(
        (.realSet([0, 1.125, 99]), { $0 == .real(0) || $0 == .real(1.125) || $0 == .real(99) }))
    }
    if case .text = type { tests += Self.textTests }
    return tests
  }

  private var ranges: [ClosedRange<Int64>] {
    switch self {
    case .choice: [2...2, 0...5, 3...9, 200...300, Int64.min...1]
    case .flag: [1...1, 0...0, 0...1]
    case .date: [18_500...18_600, 19_000...19_000, Int64.min...17_000, 19_999...Int64.max]
    case .time: [1_650_000_000...1_660_000_000, Int64.min...Int64.max]
    case .money: [1_000_000...Int64.max, -50_000...0, 0...1, 9_000_001...9_000_002]
    case .smallInteger: [-100...100, -1...1, 5...5, 99...100_000, -129...(-90)]
    case .wideInteger: [0...Int64.max, Int64.min...(-1), 7...7]
    case .reference, .nearReference: [0...9, 39_999...39_999, 0...40_000]
    case .number, .fewTexts, .manyTexts: []
    }
  }

  private var sets: [Set<Int64>] {
    switch self {
    case .choice: [[1, 4], [], [1, 2, 3], [77]]
    case .flag: [[0, 1]]
    case .date, .reference, .nearReference:
      [[18_001, 18_900, 19_555, 3], Set(18_000..<18_300).union([19_900])]
    case .money: [Set((0..<900).map { $0 * 9_973 }), [-50_000, 9_000_000, .max]]
    case .smallInteger: [[-100, 0, 100, 1_000_000], [5, 6, 7]]
    case .time, .wideInteger: [[.min, .max, 0]]
    case .number, .fewTexts, .manyTexts: []
    }
  }

  private static var textTests: [(test: ColumnTest, passes: @Sendable (Scalar) -> Bool)] {
    let kinds: [(TextTest.Kind, @Sendable (String) -> Bool)] = [
      (.equals("NORTH"), { $0 == "north" }), (.equals(""), { $0.isEmpty }),
      (.equalsExactly("east"), { $0 == "east" }), (.equalsExactly("Åre"), { $0 == "åre" }),
      (.equals("anna 17 LTD"), { $0 == "anna 17 ltd" }),
      (.isOneOf(["South", "west", "bob 3 ltd"]), { ["south", "west", "bob 3 ltd"].contains($0) }),
      (.contains("O"), { $0.contains("o") }), (.contains("na 4"), { $0.contains("na 4") }),
      (.contains("d Anna"), { _ in false }), (.contains(""), { _ in true }),
      (.contains("9 LT"), { $0.contains("9 lt") }), (.startsWith("ko"), { $0.hasPrefix("ko") }),
      (.startsWith(""), { _ in true }), (.endsWith("7 ltd"), { $0.hasSuffix("7 ltd") }),
      (.endsWith("ST"), { $0.hasSuffix("st") }),
    ]
    return kinds.map { kind, passes in
      (
        .text(TextTest(kind)),
        {
          guard case .text(let text) = $0 else { return false }
          if case .equalsExactly(let wanted) = kind { return text.utf8.elementsEqual(wanted.utf8) }
          return passes(text.lowercased())
        }
      )
    }
  }
}

/// A vector of the values, which are all of the type's form.
func vector(_ values: some Collection<Scalar>, type: ValueType) -> Vector {
  let known = values.map { $0.isKnown ? UInt8(0x80) : 0 }
  switch type {
  case .text:
    return Vector(
      texts: TextBlock(values.map { if case .text(let text) = $0 { text } else { "" } }),
      known: known)
  case .number:
    return Vector(
      reals: values.map { if case .real(let real) = $0 { real } else { 0 } }, known: known)
  default:
    return Vector(
      words: values.map { if case .word(let word) = $0 { word } else { 0 } }, known: known)
  }
}

/// Chance values, a share of them unknown.
func sampleValues(
  _ kind: SampleKind, count: Int, unknownShare: Double, _ random: inout SampleRandom
) -> [Scalar] {
  (0..<count).map { _ in
    Double.random(in: 0..<1, using: &random) < unknownShare ? .unknown : kind.value(&random)
  }
}
