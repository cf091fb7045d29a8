import Store

/// The names found in the objects of a file so far, in the order of their first appearance.
struct JSONColumns {
  /// The names as they stand in the file, escapes resolved.
  private(set) var headers: [String] = []
  private let store = ByteStore()
  private var ends: [Int] = []
  private var places: [[UInt8]: Int] = [:]
  /// For each column the last record that had it, from 0.
  private var lastRecords: [Int] = []

  /// How many there are.
  var count: Int { headers.count }

  /// The column of a name, nil when it is new. `expected` is tried first.
  @inline(__always)
  func column(of name: Range<Int>, in bytes: ByteView, expected: Int) -> Int? {
    if expected < ends.count, store.view.equals(range(of: expected), bytes, name) {
      return expected
    }
    return places[bytes.copy(name)]
  }

  /// Makes a column of a new name.
  mutating func add(_ name: Range<Int>, in bytes: ByteView) throws(StoreError) -> Int {
    try store.append(name, of: bytes)
    ends.append(store.count)
    places[bytes.copy(name)] = headers.count
    headers.append(bytes.text(name))
    lastRecords.append(-1)
    return headers.count - 1
  }

  /// Notes that a record has a column. False when it had it already.
  mutating func mark(_ column: Int, in record: Int) -> Bool {
    if lastRecords[column] == record { return false }
    lastRecords[column] = record
    return true
  }

  /// Forgets which records had which columns: before another walk.
  mutating func unmark() { for column in lastRecords.indices { lastRecords[column] = -1 } }

  /// Forgets the columns from a position on: those of a record that is left out.
  mutating func truncate(to count: Int) {
    for header in headers[count...] { places[Array(header.utf8)] = nil }
    headers.removeLast(headers.count - count)
    lastRecords.removeLast(lastRecords.count - count)
    ends.removeLast(ends.count - count)
    store.truncate(to: ends.last ?? 0)
  }

  private func range(of column: Int) -> Range<Int> {
    (column == 0 ? 0 : ends[column - 1])..<ends[column]
  }
}

/// One value of a record, and which column it belongs to.
struct JSONCell {
  var column: Int
  var value: JSONValue
  /// Where it begins.
  var place: JSONPlace
}

/// One record of a file: the values of one object, or why it cannot be taken.
struct JSONRecord {
  /// Why a record as a whole is left out.
  enum Problem {
    case syntax(JSONMistake)
    case noObject(JSONValue.Kind)
    case nameTwice(String)
  }

  /// Where it begins and ends.
  var start = JSONPlace(at: 0)
  var end = 0
  /// Its values in file order; meaningless when there is a problem.
  var cells: [JSONCell] = []
  var problem: Problem?
  /// Where the problem lies.
  var problemPlace = JSONPlace(at: 0)
}

/// Goes through the records of a file, one after the other.
///
/// A file of lines goes on after a line that is no JSON, with the next line; an array ends there.
struct JSONWalk {
  let tokens: JSONTokens
  private(set) var place: JSONPlace
  private(set) var recordCount = 0
  private var hasEnded = false
  private let scratch = ByteStore()

  /// Makes a walk that begins with the first record.
  /// - Throws: When the text is no array.
  init(_ bytes: ByteView, from start: Int, isLines: Bool) throws(JSONMistake) {
    tokens = JSONTokens(bytes: bytes, isLines: isLines)
    place = JSONPlace(at: start)
    if isLines {
      tokens.skipBlankLines(&place)
    } else {
      tokens.skipSpace(&place)
      guard tokens.accept(0x5B, &place) else {
        throw tokens.expected("'[' before the first record", place)
      }
      tokens.skipSpace(&place)
    }
  }

  /// Reads the next record; false at the end.
  /// - Throws: In an array, where it is no JSON; `file` when there are too many columns.
  mutating func nextRecord(
    _ record: inout JSONRecord, _ columns: inout JSONColumns, _ path: String
  ) throws(JSONStop) -> Bool {
    if tokens.isLines {
      if tokens.isAtEnd(place) { return false }
    } else if try endsArray() {
      return false
    }
    let columnCount = columns.count
    record.cells.removeAll(keepingCapacity: true)
    record.problem = nil
    record.start = place
    do throws(JSONStop) {
      try read(&record, &columns, path)
      if tokens.isLines {
        tokens.skipSpace(&place)
        if !tokens.isAtEnd(place), tokens.bytes[place.position] != Dialect.lineFeed {
          throw JSONStop.mistake(tokens.expected("the end of the line", place))
        }
      }
    } catch .mistake(let mistake) where tokens.isLines {
      record.problem = .syntax(mistake)
      record.problemPlace = mistake.place
      place = record.start
      place.position = max(place.position, min(mistake.place.position, tokens.bytes.count))
      while place.position < tokens.bytes.count,
        tokens.bytes[place.position] != Dialect.lineFeed
      {
        place.position += 1
      }
    }
    record.end = place.position
    if record.problem != nil { columns.truncate(to: columnCount) }
    recordCount += 1
    if tokens.isLines { tokens.skipToNextLine(&place) }
    return true
  }

  /// Whether the array ends here, and nothing follows; else goes to the next record.
  private mutating func endsArray() throws(JSONStop) -> Bool {
    if hasEnded { return true }
    do throws(JSONMistake) {
      tokens.skipSpace(&place)
      if tokens.accept(0x5D, &place) {
        tokens.skipSpace(&place)
        guard tokens.isAtEnd(place) else { throw tokens.expected("the end of the file", place) }
        hasEnded = true
        return true
      }
      if recordCount > 0 {
        let comma = place
        guard tokens.accept(0x2C, &place) else { throw tokens.expected("',' or ']'", place) }
        tokens.skipSpace(&place)
        if tokens.bytes[place.position] == 0x5D {
          throw JSONMistake(reason: .commaAtEnd, place: comma)
        }
      }
      return false
    } catch {
      throw .mistake(error)
    }
  }

  private mutating func read(
    _ record: inout JSONRecord, _ columns: inout JSONColumns, _ path: String
  ) throws(JSONStop) {
    guard tokens.bytes[place.position] == 0x7B else {
      do throws(JSONMistake) {
        let value = try tokens.value(&place)
        record.problem = .noObject(value.kind)
        record.problemPlace = record.start
      } catch {
        throw .mistake(error)
      }
      return
    }
    place.position += 1
    tokens.skipSpace(&place)
    if tokens.accept(0x7D, &place) { return }
    var expected = 0
    while true {
      let (name, value, start, namePlace) = try readMember()
      if record.problem == nil {
        let column = try column(of: name, expected, &columns, path)
        expected = column + 1
        if columns.mark(column, in: recordCount) {
          record.cells.append(JSONCell(column: column, value: value, place: start))
        } else {
          record.problem = .nameTwice(columns.headers[column])
          record.problemPlace = namePlace
        }
      }
      if try endsObject() { return }
    }
  }

  @inline(__always)
  private mutating func readMember() throws(JSONStop) -> (
    name: JSONValue, value: JSONValue, start: JSONPlace, namePlace: JSONPlace
  ) {
    do throws(JSONMistake) {
      let namePlace = place
      let name = try tokens.name(&place)
      let start = place
      return (name, try tokens.value(&place), start, namePlace)
    } catch {
      throw .mistake(error)
    }
  }

  @inline(__always)
  private mutating func endsObject() throws(JSONStop) -> Bool {
    do throws(JSONMistake) {
      tokens.skipSpace(&place)
      if tokens.accept(0x7D, &place) { return true }
      let comma = place
      guard tokens.accept(0x2C, &place) else { throw tokens.expected("',' or '}'", place) }
      tokens.skipSpace(&place)
      if tokens.bytes[place.position] == 0x7D {
        throw JSONMistake(reason: .commaAtEnd, place: comma)
      }
      return false
    } catch {
      throw .mistake(error)
    }
  }

  @inline(__always)
  private mutating func column(
    of name: JSONValue, _ expected: Int, _ columns: inout JSONColumns, _ path: String
  ) throws(JSONStop) -> Int {
    var bytes = tokens.bytes
    var range = name.range
    do throws(StoreError) {
      if name.hasEscape {
        scratch.removeAll()
        try scratch.appendUnescaped(range, of: bytes)
        bytes = scratch.view
        range = 0..<scratch.count
      }
      if let known = columns.column(of: range, in: bytes, expected: expected) { return known }
      guard columns.count < CSVReader.columnCountMax else {
        throw .file(FileRefusal.tooManyNames(CSVReader.columnCountMax).problem(path))
      }
      return try columns.add(range, in: bytes)
    } catch {
      throw .store(error)
    }
  }
}

/// Why a walk stops before the end.
enum JSONStop: Error {
  case mistake(JSONMistake)
  case store(StoreError)
}
