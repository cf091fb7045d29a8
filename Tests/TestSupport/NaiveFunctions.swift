import Engine
import Store

/// The functions of the language, each for one row.
struct NaiveFunctions {
  let today: Int

  /// The value of a call; `value` gives that of an operand.
  func call(
    _ function: Function, _ operands: [BoundExpression], _ type: ValueType,
    _ value: (BoundExpression) -> Scalar
  ) -> Scalar {
    switch function {
    case .choose:
      for pair in stride(from: 0, to: operands.count - 1, by: 2)
      where value(operands[pair]) == .word(1) {
        return value(operands[pair + 1])
      }
      return value(operands[operands.count - 1])
    case .firstKnown:
      return operands.lazy.map(value).first { $0.isKnown } ?? .unknown
    default: break
    }
    let values = operands.map(value)
    guard values.allSatisfy(\.isKnown) else { return .unknown }
    switch values[0] {
    case .text(let text): return call(function, text: text)
    case .real(let real): return call(function, real: real, values.dropFirst().first)
    case .word(let word):
      return call(function, word: word, values.dropFirst().first, isMoney: type == .money)
    case .unknown: return .unknown
    }
  }

  private func call(_ function: Function, text: String) -> Scalar {
    switch function {
    case .lower: return .text(Folding.fold(text))
    case .upper:
      let capitals = Dictionary(
        Folding.allPairs.map { ($0.small, $0.capital) }, uniquingKeysWith: { first, _ in first })
      var result = String.UnicodeScalarView()
      for scalar in text.unicodeScalars {
        result.append(capitals[scalar.value].flatMap(Unicode.Scalar.init) ?? scalar)
      }
      return .text(String(result))
    case .length: return .word(Int64(text.unicodeScalars.count))
    case .trim:
      let scalars = text.unicodeScalars.drop { $0 == " " }
      return .text(
        String(String.UnicodeScalarView(scalars.reversed().drop { $0 == " " }.reversed())))
    default: preconditionFailure("\(function) takes no text")
    }
  }

  private func call(_ function: Function, real: Double, _ second: Scalar?) -> Scalar {
    switch (function, second) {
    case (.round, nil): return .real(real.rounded(.toNearestOrAwayFromZero))
    case (.floor, _): return .real(real.rounded(.down))
    case (.ceil, _): return .real(real.rounded(.up))
    case (.abs, _): return .real(real.magnitude)
    case (.bucket, .real(let width)): return .real((real / width).rounded(.down) * width)
    default: preconditionFailure("\(function) takes no number")
    }
  }

  private func call(
    _ function: Function, word: Int64, _ second: Scalar?, isMoney: Bool
  ) -> Scalar {
    let unit: Int64 = isMoney ? 100 : 1
    let day = Int(word)
    let (year, month, dayOfMonth) = Day.date(day)
    switch function {
    case .daysSince: return .word(Int64(today) - word)
    case .daysBetween:
      guard case .word(let other) = second else { return .unknown }
      return .word(other - word)
    case .year: return .word(Int64(year))
    case .quarter: return .word(Int64((month - 1) / 3 + 1))
    case .month: return .word(Int64(month))
    case .day: return .word(Int64(dayOfMonth))
    case .weekday: return .word(Int64(weekday(day)))
    case .week:
      // The week belongs to the year of its Thursday.
      let thursday = day - weekday(day) + 4
      let first = Day.number(year: Day.date(thursday).year, month: 1, day: 1)
      return .word(Int64((thursday - first) / 7 + 1))
    case .monthOf: return .word(Int64(Day.number(year: year, month: month, day: 1)))
    case .quarterOf:
      return .word(Int64(Day.number(year: year, month: (month - 1) / 3 * 3 + 1, day: 1)))
    case .weekOf: return .word(Int64(day - weekday(day) + 1))
    case .round:
      let sign: Int64 = word < 0 ? -1 : 1
      return .word(sign * floorDivide(abs(word) + unit / 2, unit) * unit)
    case .floor: return .word(floorDivide(word, unit) * unit)
    case .ceil: return .word(-floorDivide(-word, unit) * unit)
    case .abs: return .word(abs(word))
    case .bucket:
      guard case .word(let width) = second else { return .unknown }
      return .word(floorDivide(word, width) * width)
    default: preconditionFailure("\(function) takes no whole number")
    }
  }

  /// 1 = Monday; 1970-01-05 was one.
  private func weekday(_ day: Int) -> Int { Int(floorMod(Int64(day) - 4, 7)) + 1 }

  private func floorMod(_ a: Int64, _ b: Int64) -> Int64 { a - floorDivide(a, b) * b }
}
