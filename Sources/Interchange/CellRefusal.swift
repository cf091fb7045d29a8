import Store

/// Why a cell or a row of a file cannot be taken.
enum CellRefusal {
  /// The cell does not read as the type asked for.
  case notOf(ValueType)
  /// A money cell with more than two decimals.
  case moreThanTwoDecimals
  case amountOutOfRange
  /// The names of the choice that are close to it, and the choice's names.
  case notInChoice(near: [String], names: [String])
  /// Its zone is not that of the column's other times.
  case otherZone
  /// Both readings, day first and month first.
  case eitherOrder([String])
  /// Both readings, decimal point and decimal comma.
  case eitherMark([String])
  case twoCurrencies(String, String)
  case rowTooShort(found: Int, expected: Int)
  case rowTooLong(found: Int, expected: Int)
  case textAfterQuote
  /// An object or an array as a value, in words.
  case nested(String)
  /// A value that no field can hold: bytes, or text that is not UTF-8.
  case binary(String)
  /// A record that is no object, but what.
  case noObject(String)
  /// A name that an object has twice.
  case nameTwice(String)
  /// A line that is not JSON, in words.
  case invalidJSON(String)

  private static let quotedCharacterCountMax = 40

  /// The problem in words. `column` counts from 1 and is nil for a row.
  func problem(line: Int, column: Int?, header: String?, cell: String = "") -> CellProblem {
    func make(_ code: String, _ message: String, hint: String? = nil) -> CellProblem {
      CellProblem(
        code: code, line: line, column: column, header: header, message: message, hint: hint)
    }
    let quoted = Self.quoted(cell)
    switch self {
    case .notOf(let type):
      return make("cell-not-\(Self.codeWord(type))", "\(quoted) is not \(type.name)")
    case .moreThanTwoDecimals:
      return make("cell-not-money", "\(quoted) has more than two decimals, money has two")
    case .amountOutOfRange:
      return make("amount-out-of-range", "\(quoted) is beyond ±10,000,000,000,000.00")
    case .notInChoice(let near, let names):
      let hint =
        near.isEmpty
        ? "the names are " + Self.list(names)
        : (near.count == 1 ? "a close name is " : "close names are ")
          + near.map { "'\($0)'" }.joined(separator: ", ")
      return make("cell-not-a-choice", "\(quoted) is none of the choice's names", hint: hint)
    case .otherZone:
      return make("cell-not-a-time", "\(quoted) is in another time zone than the cells before it")
    case .eitherOrder(let readings):
      return make(
        "ambiguous-dates",
        "\(quoted) reads as \(readings.joined(separator: " and as ")), and no cell decides",
        hint: "add dates day_first or dates month_first")
    case .eitherMark(let readings):
      return make(
        "ambiguous-decimals",
        "\(quoted) reads as \(readings.joined(separator: " and as ")), and no cell decides",
        hint: "add decimal point or decimal comma")
    case .twoCurrencies(let first, let second):
      return make(
        "two-currencies", "\(quoted) is in '\(second)', the cells before it are in '\(first)'",
        hint: "convert the column to one currency, or give each its own column")
    case .rowTooShort(let found, let expected):
      return make(
        "row-too-short",
        "the row has \(found) \(found == 1 ? "cell" : "cells"), the header has \(expected)")
    case .rowTooLong(let found, let expected):
      return make(
        "row-too-long",
        "the row has \(found) \(found == 1 ? "cell" : "cells"), the header has \(expected)",
        hint: "a cell that contains the delimiter stands in quotes")
    case .textAfterQuote:
      return make(
        "text-after-quote", "text follows a closing quote",
        hint: "write a quote inside a quoted cell twice: \"\"")
    case .nested(let words): return make("cell-is-nested", "\(words) is no value of a field")
    case .binary(let words): return make("cell-is-binary", "\(words) is no value of a field")
    case .noObject(let words):
      return make(
        "record-not-object", "the record is \(words), not an object",
        hint: "a record is an object such as {\"id\": 1, \"name\": \"Acme\"}")
    case .nameTwice(let name):
      return make("name-twice", "the object has \(Self.quoted(name)) twice")
    case .invalidJSON(let words): return make("invalid-json", words)
    }
  }

  /// The cell in quotes, at most 40 characters of it, control characters made visible.
  static func quoted(_ cell: String) -> String {
    var characters: [UInt8] = []
    let isCut = cell.unicodeScalars.count > quotedCharacterCountMax
    let shown = String(
      String.UnicodeScalarView(
        cell.unicodeScalars.prefix(isCut ? quotedCharacterCountMax - 1 : quotedCharacterCountMax)))
    CellText.appendVisible(shown, to: &characters)
    return "'" + String(decoding: characters, as: UTF8.self) + (isCut ? "…'" : "'")
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }

  private static func codeWord(_ type: ValueType) -> String {
    switch type {
    case .text: "text"
    case .choice: "a-choice"
    case .money: "money"
    case .number: "a-number"
    case .integer: "an-integer"
    case .date: "a-date"
    case .time: "a-time"
    case .flag: "a-flag"
    case .reference: "a-reference"
    }
  }
}
