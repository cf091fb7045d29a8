import Store
import Testing

@Suite struct VectorArithmeticTests {
  @Test(arguments: Vector.Arithmetic.allCases)
  func `arithmetic agrees with a row at a time`(operation: Vector.Arithmetic) throws {
    let seed: UInt64 = 11
    var random = SeededGenerator(seed: seed)
    let (left, right) = types(operation)
    let onlyNarrow: [Vector.Arithmetic] = [
      .multiplyIntegers, .multiplyMoneyByReal, .addDays, .subtractDays,
    ]
    for count in [0, 1, 2, 63, 200, 2_048] {
      for isNarrow in [true, false] where isNarrow || !onlyNarrow.contains(operation) {
        let big = operation == .multiplyMoneyByInteger || !isNarrow && right == .integer
        let a = random.scalars(left, count: count, isNarrow: isNarrow && !big)
        let b = random.scalars(right, count: count, isNarrow: isNarrow || big)
        let mask = random.mask(count)
        let result = try Vector.arithmetic(
          operation, Vector(a, as: left), Vector(b, as: right), in: mask)
        let expected = (0..<count).map {
          mask.bytes[$0] == 0 ? .unknown : reference(operation, a[$0], b[$0])
        }
        #expect(result.scalars == expected, "seed \(seed), \(count) rows")
        #expect(result.keepsItsPromise)
      }
    }
  }

  @Test func `a row that leaves the range is an error only when it is in`() throws {
    typealias Row = (Vector.Arithmetic, Scalar, Scalar, StoreError)
    let top = Limits.moneyMinorMax
    let rows: [Row] = [
      (.addIntegers, .word(.max), .word(1), .integerOverflow),
      (.addIntegers, .word(.min), .word(-1), .integerOverflow),
      (.subtractIntegers, .word(.min), .word(1), .integerOverflow),
      (.subtractIntegers, .word(0), .word(.min), .integerOverflow),
      (.multiplyIntegers, .word(.max), .word(2), .integerOverflow),
      (.multiplyIntegers, .word(.min), .word(-1), .integerOverflow),
      (.addMoney, .word(top), .word(1), .amountOutOfRange),
      (.subtractMoney, .word(-top), .word(1), .amountOutOfRange),
      (.multiplyMoneyByInteger, .word(top), .word(.max), .amountOutOfRange),
      (.multiplyMoneyByInteger, .word(top), .word(2), .amountOutOfRange),
      (.multiplyMoneyByReal, .word(top), .real(1.5), .amountOutOfRange),
      (.multiplyMoneyByReal, .word(top), .real(1e300), .amountOutOfRange),
      (.divideMoneyByReal, .word(top), .real(1e-300), .amountOutOfRange),
      (.addDays, .word(Int64(Int32.max)), .word(1), .integerOverflow),
    ]
    for (operation, a, b, error) in rows {
      let (left, right) = types(operation)
      let x = Vector(repeating: a, as: left, count: 3)
      let y = Vector(repeating: b, as: right, count: 3)
      #expect(throws: error) {
        try Vector.arithmetic(operation, x, y, in: Mask([0, 0, 0x80]))
      }
      let quiet = try Vector.arithmetic(operation, x, y, in: Mask(count: 3, isIn: false))
      #expect(quiet.scalars == [.unknown, .unknown, .unknown])
    }
  }

  @Test(arguments: [
    // 1.50 × 0.15 is 0.225, though the double 0.15 is a little less than fifteen hundredths.
    (Vector.Arithmetic.multiplyMoneyByReal, 150 as Int64, 0.15, 23 as Int64),
    (.multiplyMoneyByReal, -150, 0.15, -23), (.multiplyMoneyByReal, 5, 0.5, 3),
    (.multiplyMoneyByReal, 10, 0.05, 1), (.multiplyMoneyByReal, 5, 0.1, 1),
    (.multiplyMoneyByReal, 999_999_999_999_999, 1, 999_999_999_999_999),
    (.multiplyMoneyByReal, 5, 0.0999999999999, 0), (.multiplyMoneyByReal, 7, 0, 0),
    (.divideMoneyByReal, 5, 2, 3), (.divideMoneyByReal, -5, 2, -3),
    (.divideMoneyByReal, 9, 0.04, 225), (.divideMoneyByReal, 1, 0.4, 3),
    (.divideMoneyByReal, 100, 3, 33),
  ])
  func `money rounds half away from zero by decimal form`(
    row: (operation: Vector.Arithmetic, money: Int64, number: Double, expected: Int64)
  ) throws {
    let result = try Vector.arithmetic(
      row.operation, Vector(words: [row.money]), Vector(reals: [row.number]), in: Mask(count: 1))
    #expect(result[0] == .word(row.expected))
  }

  @Test func `conversions, signs and rounding`() throws {
    func check(_ result: Vector, _ expected: [Scalar]) {
      #expect(result.scalars == expected)
      #expect(result.keepsItsPromise)
    }
    let all = Mask(count: 4)
    let words = Vector([.word(-7), .unknown, .word(250), .word(0)], as: .integer)
    let reals = Vector([.real(-2.5), .unknown, .real(2.675), .real(1e15)], as: .number)
    check(
      try words.converted(.integerToNumber, in: all), [.real(-7), .unknown, .real(250), .real(0)])
    check(
      try words.converted(.integerToMoney, in: all),
      [.word(-700), .unknown, .word(25_000), .word(0)]
    )
    check(
      try words.converted(.moneyToNumber, in: all), [.real(-0.07), .unknown, .real(2.5), .real(0)])
    check(
      try reals.converted(.numberToMoney, in: Mask([0x80, 0x80, 0x80, 0])),
      [.word(-250), .unknown, .word(268), .unknown])
    check(
      try reals.converted(.numberToInteger, in: all),
      [.word(-3), .unknown, .word(3), .word(1_000_000_000_000_000)])
    check(
      try words.converted(.dateToTime, in: all),
      [.word(-604_800), .unknown, .word(21_600_000), .word(0)])
    check(
      try Vector(words: [-1, 86_399, 86_400, -86_400]).converted(.timeToDate, in: all),
      [.word(-1), .word(0), .word(1), .word(-1)])
    check(try words.negated(in: all), [.word(7), .unknown, .word(-250), .word(0)])
    check(
      try reals.rounded(.nearest(digits: 2), as: .number, in: all),
      [.real(-2.5), .unknown, .real(2.68), .real(1e15)])
    check(
      try reals.rounded(.nearest(digits: 0), as: .number, in: all),
      [.real(-3), .unknown, .real(3), .real(1e15)])
    check(
      try reals.rounded(.nearest(digits: -1), as: .number, in: all),
      [.real(0), .unknown, .real(0), .real(1e15)])
    check(
      try reals.rounded(.floor, as: .number, in: all),
      [.real(-3), .unknown, .real(2), .real(1e15)])
    check(
      try reals.rounded(.absolute, as: .number, in: all),
      [.real(2.5), .unknown, .real(2.675), .real(1e15)])
    check(
      try words.rounded(.nearest(digits: 0), as: .money, in: all),
      [.word(0), .unknown, .word(300), .word(0)])
    check(
      try words.rounded(.floor, as: .money, in: all),
      [.word(-100), .unknown, .word(200), .word(0)])
    check(
      try words.rounded(.ceil, as: .money, in: all), [.word(0), .unknown, .word(300), .word(0)])
    check(
      try words.rounded(.nearest(digits: -2), as: .integer, in: all),
      [.word(0), .unknown, .word(300), .word(0)])
    check(
      try words.bucketed(width: Vector(words: [5, 5, 100, -1]), in: all),
      [.word(-10), .unknown, .word(200), .unknown])
    check(
      try Vector(reals: [0.3, 0.35, -0.01, 7]).bucketed(
        width: Vector(reals: [0.1, 0.1, 0.1, 0]), in: all),
      [.real(0.3), .real(0.3), .real(-0.1), .unknown])
    for (rounding, type) in [
      (Vector.Rounding.absolute, ValueType.integer), (.nearest(digits: -3), .integer),
    ] {
      #expect(throws: StoreError.integerOverflow) {
        try Vector(words: [.min]).rounded(rounding, as: type, in: Mask(count: 1))
      }
    }
    #expect(throws: StoreError.integerOverflow) {
      try Vector(words: [.min]).negated(in: Mask(count: 1))
    }
    #expect(throws: StoreError.amountOutOfRange) {
      try Vector(words: [10_000_000_000_001]).converted(.integerToMoney, in: Mask(count: 1))
    }
  }

  @Test func `masks and gathering`() {
    var random = SeededGenerator(seed: 5)
    for count in [0, 1, 63, 64, 65, 200, 2_048] {
      for mask in [random.mask(count), Mask(count: count), Mask(count: count, isIn: false)] {
        let other = random.mask(count)
        let rows = (0..<count).filter { mask.bytes[$0] != 0 }
        #expect(mask.offsets == rows.map(Int32.init))
        #expect(mask.countIn == rows.count)
        #expect(mask.isNoneIn == rows.isEmpty)
        #expect(mask.isAllIn == (rows.count == count))
        var (both, either, less) = (mask, mask, mask)
        both.formAnd(other)
        either.formOr(other)
        less.subtract(other)
        #expect(both.countIn + less.countIn == mask.countIn)
        #expect(either.countIn == other.countIn + less.countIn)
        #expect(other.inverted(within: mask) == less)
        #expect(Mask(flags: Vector(flags: mask)) == mask)
        let run = Rows.run(base: 100, count: count).compacted(by: mask)
        #expect((0..<run.count).map { run[$0] } == rows.map { $0 + 100 })
        for type in [ValueType.text, .number, .integer] {
          let scalars = random.scalars(type, count: count)
          let vector = Vector(scalars, as: type)
          #expect(vector.compacted(by: mask).scalars == rows.map { scalars[$0] })
          #expect(vector.gathered([-1]).scalars == [.unknown])
          let picked = Vector.select(
            mask, then: vector,
            otherwise: vector.gathered(
              [Int32](repeating: -1, count: count)))
          #expect(
            picked.scalars == (0..<count).map { mask.bytes[$0] != 0 ? scalars[$0] : .unknown })
          #expect(picked.keepsItsPromise)
          #expect(Vector.firstKnown([picked, vector]).scalars == scalars)
        }
      }
    }
  }

  private func types(_ operation: Vector.Arithmetic) -> (ValueType, ValueType) {
    switch operation {
    case .addIntegers, .subtractIntegers, .multiplyIntegers, .divideIntegers: (.integer, .integer)
    case .addReals, .subtractReals, .multiplyReals, .divideReals: (.number, .number)
    case .addMoney, .subtractMoney, .divideMoney: (.money, .money)
    case .multiplyMoneyByReal, .divideMoneyByReal: (.money, .number)
    case .multiplyMoneyByInteger, .divideMoneyByInteger: (.money, .integer)
    case .addDays, .subtractDays: (.integer, .integer)
    case .daysBetween: (.date, .date)
    }
  }

  private func reference(_ operation: Vector.Arithmetic, _ a: Scalar, _ b: Scalar) -> Scalar {
    switch (operation, a, b) {
    case (.addIntegers, .word(let x), .word(let y)), (.addMoney, .word(let x), .word(let y)),
      (.addDays, .word(let x), .word(let y)):
      return .word(x + y)
    case (.subtractIntegers, .word(let x), .word(let y)),
      (.subtractMoney, .word(let x), .word(let y)), (.subtractDays, .word(let x), .word(let y)),
      (.daysBetween, .word(let x), .word(let y)):
      return .word(x - y)
    case (.multiplyIntegers, .word(let x), .word(let y)),
      (.multiplyMoneyByInteger, .word(let x), .word(let y)):
      return .word(x * y)
    case (.divideIntegers, .word(let x), .word(let y)), (.divideMoney, .word(let x), .word(let y)):
      return y == 0 ? .unknown : .real(Double(x) / Double(y))
    case (.addReals, .real(let x), .real(let y)): return .real(x + y)
    case (.subtractReals, .real(let x), .real(let y)): return .real(x - y)
    case (.multiplyReals, .real(let x), .real(let y)): return .real(x * y)
    case (.divideReals, .real(let x), .real(let y)): return y == 0 ? .unknown : .real(x / y)
    case (.multiplyMoneyByReal, .word(let x), .real(let y)):
      // Narrow numbers are quarters, so the product is exact.
      return .word(Int64((Double(x) * y).rounded(.toNearestOrAwayFromZero)))
    case (.divideMoneyByReal, .word(let x), .real(let y)):
      return y == 0 ? .unknown : .word(Int64((Double(x) / y).rounded(.toNearestOrAwayFromZero)))
    case (.divideMoneyByInteger, .word(let x), .word(let y)):
      guard y != 0 else { return .unknown }
      let doubled = 2 * x.magnitude + y.magnitude
      let size = Int64(doubled / (2 * y.magnitude))
      return .word((x < 0) != (y < 0) ? -size : size)
    default: return .unknown
    }
  }
}
