import Store

/// The changes of this session that undo takes back, the newest last: at most 100 statements or
/// 64 MiB, the oldest forgotten first.
package struct ChangeList {
  /// One statement that changed something.
  package struct Entry: Sendable {
    /// The statement's number in this session, from 1.
    package var number: Int
    /// The statement as written.
    package var text: String
    /// What it did.
    package var change: ChangeSet
    /// What that came to for each entity touched.
    package var effects: [ChangeEffect]
  }

  /// The most statements kept.
  static let countMax = 100
  /// The most bytes that the old and new values of all statements may take.
  static let byteCountMax = 64 << 20

  /// Those that can be taken back, the oldest first.
  package private(set) var entries: [Entry] = []
  /// Statements forgotten to make room since the list was last empty.
  package private(set) var forgottenCount = 0
  private var byteCount = 0
  private var count = 0

  /// Adds the newest and numbers it. Gives how many were forgotten for it.
  mutating func add(_ entry: Entry) -> Int {
    count += 1
    var entry = entry
    entry.number = count
    entries.append(entry)
    byteCount += entry.change.byteCount
    var forgotten = 0
    while entries.count > Self.countMax || (byteCount > Self.byteCountMax && entries.count > 1) {
      byteCount -= entries.removeFirst().change.byteCount
      forgotten += 1
    }
    forgottenCount += forgotten
    return forgotten
  }

  /// Takes the newest away, once it has been taken back.
  mutating func removeLast() {
    guard let last = entries.popLast() else { return }
    byteCount -= last.change.byteCount
  }

  /// Forgets all: rows have other numbers after a reload.
  mutating func forgetAll() {
    entries = []
    byteCount = 0
    forgottenCount = 0
  }
}
