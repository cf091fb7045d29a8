extension Vector {
  /// What `arithmetic` does, by the types of both sides and of the result.
  package enum Arithmetic: Sendable, CaseIterable {
    case addIntegers, subtractIntegers, multiplyIntegers
    /// integer ÷ integer → number
    case divideIntegers
    case addReals, subtractReals, multiplyReals, divideReals
    case addMoney, subtractMoney
    /// money × number, money × integer → money
    case multiplyMoneyByReal, multiplyMoneyByInteger
    /// money ÷ number, money ÷ integer → money
    case divideMoneyByReal, divideMoneyByInteger
    /// money ÷ money → number
    case divideMoney
    /// date ± integer days → date
    case addDays, subtractDays
    /// date − date → integer
    case daysBetween
  }

  /// Computes one operation for the rows in `mask`; a row is unknown where it is out, where a side
  /// is
  /// unknown, where the divisor is 0 and where a number would not be finite.
  ///
  /// Money × and ÷ round half away from zero, a number counting as its shortest decimal form.
  /// - Throws: `integerOverflow`, `amountOutOfRange`; only for rows in `mask`.
  package static func arithmetic(
    _ operation: Arithmetic, _ a: Vector, _ b: Vector, in mask: Mask
  ) throws(StoreError) -> Vector {
    precondition(a.count == mask.count && b.count == mask.count, "one batch, one length")
    let known = knownInBoth(a, b, mask)
    switch operation {
    case .addIntegers: return try add(a.words, b.words, known)
    case .subtractIntegers: return try subtract(a.words, b.words, known)
    case .multiplyIntegers: return try multiply(a.words, b.words, known)
    case .divideIntegers, .divideMoney:
      let (x, y) = (a.words, b.words)
      return finite(known) { Double(x[$0]) / Double(y[$0]) }
    case .addReals:
      let (x, y) = (a.reals, b.reals)
      return finite(known) { x[$0] + y[$0] }
    case .subtractReals:
      let (x, y) = (a.reals, b.reals)
      return finite(known) { x[$0] - y[$0] }
    case .multiplyReals:
      let (x, y) = (a.reals, b.reals)
      return finite(known) { x[$0] * y[$0] }
    case .divideReals:
      let (x, y) = (a.reals, b.reals)
      return finite(known) { x[$0] / y[$0] }
    case .addMoney: return try add(a.words, b.words, known).checkedAsMoney()
    case .subtractMoney: return try subtract(a.words, b.words, known).checkedAsMoney()
    case .multiplyMoneyByInteger:
      do throws(StoreError) {
        return try multiply(a.words, b.words, known).checkedAsMoney()
      } catch {
        throw .amountOutOfRange
      }
    case .multiplyMoneyByReal:
      let (x, y) = (a.words, b.reals)
      return try amounts(known) { DecimalForm.roundedProduct(x[$0], y[$0]) }
    case .divideMoneyByReal:
      let (x, y) = (a.words, b.reals)
      return try amounts(excludingZero(y, known)) { DecimalForm.roundedQuotient(x[$0], y[$0]) }
    case .divideMoneyByInteger:
      let (x, y) = (a.words, b.words)
      return try amounts(excludingZero(y, known)) { roundedQuotient(x[$0], y[$0]) }
    case .addDays: return try add(a.words, b.words, known).checkedAsDates()
    case .subtractDays, .daysBetween:
      let result = try subtract(a.words, b.words, known)
      return operation == .daysBetween ? result : try result.checkedAsDates()
    }
  }

  /// Minus the value, of an integer, an amount or a number.
  /// - Throws: `integerOverflow` for the smallest integer in a row in `mask`.
  package func negated(in mask: Mask) throws(StoreError) -> Vector {
    var known = known
    for i in known.indices { known[i] &= mask.bytes[i] }
    switch values {
    case .words(let words):
      return try Self.subtract([Int64](repeating: 0, count: words.count), words, known)
    case .reals(let reals): return Self.finite(known) { 0 - reals[$0] }
    case .texts: preconditionFailure("a text has no sign")
    }
  }

  /// The words; a caller that is wrong about the form is wrong about the type.
  package var words: [Int64] {
    guard case .words(let words) = values else { preconditionFailure("these values are words") }
    return words
  }

  /// The numbers.
  package var reals: [Double] {
    guard case .reals(let reals) = values else { preconditionFailure("these values are numbers") }
    return reals
  }

  /// The texts.
  var texts: TextBlock {
    guard case .texts(let texts) = values else { preconditionFailure("these values are texts") }
    return texts
  }

  /// 0x80 where both sides are known and the row is in.
  static func knownInBoth(_ a: Vector, _ b: Vector, _ mask: Mask) -> [UInt8] {
    var known = mask.bytes
    for i in known.indices { known[i] &= a.known[i] & b.known[i] }
    return known
  }

  /// All ones where `known` is 0x80, all zeros where it is 0.
  @inline(__always)
  static func ones(_ known: UInt8) -> Int64 { 0 &- Int64(truncatingIfNeeded: known >> 7) }

  /// The words themselves if all are amounts.
  func checkedAsMoney() throws(StoreError) -> Vector {
    if !areWords(within: -Limits.moneyMinorMax...Limits.moneyMinorMax) { throw .amountOutOfRange }
    return self
  }

  /// The words themselves if all are days that a date column can hold.
  func checkedAsDates() throws(StoreError) -> Vector {
    if !areWords(within: Int64(Int32.min)...Int64(Int32.max)) { throw .integerOverflow }
    return self
  }

  private func areWords(within range: ClosedRange<Int64>) -> Bool {
    let (lower, upper) = (range.lowerBound, range.upperBound)
    var isOutside: UInt8 = 0
    for word in words { isOutside |= (word < lower ? 1 : 0) | (word > upper ? 1 : 0) }
    return isOutside == 0
  }
}

// MARK: - The loops

extension Vector {
  /// `a + b`. The sign of `(a ^ r) & (b ^ r)` tells an overflow without a branch.
  private static func add(
    _ a: [Int64], _ b: [Int64], _ known: [UInt8]
  ) throws(StoreError) -> Vector {
    var result = [Int64](repeating: 0, count: known.count)
    var overflow: Int64 = 0
    for i in 0..<known.count {
      let isKnown = ones(known[i])
      let sum = a[i] &+ b[i]
      overflow |= (a[i] ^ sum) & (b[i] ^ sum) & isKnown
      result[i] = sum & isKnown
    }
    if overflow < 0 { throw .integerOverflow }
    return Vector(words: result, known: known)
  }

  private static func subtract(
    _ a: [Int64], _ b: [Int64], _ known: [UInt8]
  ) throws(StoreError) -> Vector {
    var result = [Int64](repeating: 0, count: known.count)
    var overflow: Int64 = 0
    for i in 0..<known.count {
      let isKnown = ones(known[i])
      let difference = a[i] &- b[i]
      overflow |= (a[i] ^ b[i]) & (a[i] ^ difference) & isKnown
      result[i] = difference & isKnown
    }
    if overflow < 0 { throw .integerOverflow }
    return Vector(words: result, known: known)
  }

  private static func multiply(
    _ a: [Int64], _ b: [Int64], _ known: [UInt8]
  ) throws(StoreError) -> Vector {
    var result = [Int64](repeating: 0, count: known.count)
    var isOver = false
    for i in 0..<known.count {
      let isKnown = ones(known[i])
      let (product, overflow) = (a[i] & isKnown).multipliedReportingOverflow(by: b[i])
      isOver = isOver || overflow
      result[i] = product
    }
    if isOver { throw .integerOverflow }
    return Vector(words: result, known: known)
  }

  /// Computes each known row; a result that is not finite is unknown.
  @inline(__always)
  static func finite(_ known: [UInt8], _ body: (Int) -> Double) -> Vector {
    var result = [Double](repeating: 0, count: known.count)
    var known = known
    for i in 0..<known.count {
      let value = body(i)
      let isKnown = known[i] != 0 && value.magnitude <= .greatestFiniteMagnitude
      result[i] = isKnown ? value : 0
      known[i] = isKnown ? 0x80 : 0
    }
    return Vector(reals: result, known: known)
  }

  /// Computes an amount for each known row; nil from `body` is out of range.
  @inline(__always)
  static func amounts(
    _ known: [UInt8], _ body: (Int) -> Int64?
  ) throws(StoreError) -> Vector {
    var result = [Int64](repeating: 0, count: known.count)
    try Cancellation.forEachChunk(of: known.indices) { chunk throws(StoreError) in
      for i in chunk where known[i] != 0 {
        guard let amount = body(i), amount.magnitude <= Limits.moneyMinorMax.magnitude else {
          throw .amountOutOfRange
        }
        result[i] = amount
      }
    }
    return Vector(words: result, known: known)
  }

  private static func excludingZero<Value: Numeric>(
    _ divisors: [Value], _ known: [UInt8]
  ) -> [UInt8] {
    var known = known
    for i in 0..<known.count { known[i] = divisors[i] == 0 ? 0 : known[i] }
    return known
  }

  /// The quotient rounded half away from zero; the divisor is not 0, the dividend an amount.
  static func roundedQuotient(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let whole = dividend.magnitude / divisor.magnitude
    let rest = dividend.magnitude % divisor.magnitude
    let rounded = Int64(truncatingIfNeeded: rest >= divisor.magnitude - rest ? whole + 1 : whole)
    return (dividend < 0) != (divisor < 0) ? 0 &- rounded : rounded
  }
}
