/// A key of rows to be appended that another row has already.
package struct DuplicateKey: Hashable, Sendable {
  /// The key as text.
  package let key: String
  /// Which of the rows to be appended.
  package let offset: Int
  /// The earlier one of them with the same key, if it is among them.
  package let firstOffset: Int?
  /// The row of the table with the same key, if it is there.
  package let row: Int?

  /// Makes a finding.
  package init(key: String, offset: Int, firstOffset: Int?, row: Int?) {
    self.key = key
    self.offset = offset
    self.firstOffset = firstOffset
    self.row = row
  }
}

extension Table {
  /// The live row with this key, by a map built when first asked.
  package func row(withKey key: Scalar) -> Int? {
    let column = column(self.key)
    let row: Int?
    switch key {
    case .word(let word):
      precondition(!isTextKeyed, "an integer for a key of text")
      if isDenseKeyed {
        let place = denseRow(of: word, in: column)
        row = place
      } else {
        row = currentKeyMap().row(word)
      }
    case .text(var text):
      precondition(isTextKeyed, "a text for an integer key")
      let map = currentKeyMap()
      row = text.withUTF8 { map.row($0) }
    case .unknown: row = nil
    case .real: preconditionFailure("keys are integers or texts")
    }
    return row.flatMap { isDead($0) ? nil : $0 }
  }

  /// The live row of each key, -1 where there is none.
  package func rows(withKeys keys: Vector) -> [Int32] {
    var rows: [Int32]
    if isDenseKeyed, case .words(let words) = keys.values {
      let column = column(key)
      rows = words.indices.map { offset in
        guard keys.known[offset] != 0 else { return -1 }
        return Int32(denseRow(of: words[offset], in: column) ?? -1)
      }
    } else {
      rows = currentKeyMap().rows(keys)
    }
    if liveRowCount < rowCount {
      for (offset, row) in rows.enumerated() where row >= 0 && isDead(Int(row)) {
        rows[offset] = -1
      }
    }
    return rows
  }

  /// The largest integer key, 0 when there is none. Dead rows count: a key is never given again.
  package var largestKey: Int64 { isTextKeyed ? 0 : column(key).wordBounds?.upperBound ?? 0 }

  /// The rows to be appended whose key an earlier one of them or a live row of the table has, in
  /// order of offset, at most `countMax` of them. Changes nothing.
  package func duplicates(
    in keys: Vector, countMax: Int = .max
  ) throws(StoreError) -> [DuplicateKey] {
    guard !isAscendingAboveAll(keys) else { return [] }
    let earlier = try KeyMap.earlierEqual(keys)
    let rows = rowCount == 0 ? [] : rows(withKeys: keys)
    var found: [DuplicateKey] = []
    for offset in earlier.indices where found.count < countMax {
      let first = Int(earlier[offset])
      let row = rows.isEmpty ? -1 : Int(rows[offset])
      guard first >= 0 || row >= 0 else { continue }
      found.append(
        DuplicateKey(
          key: text(of: keys[offset]), offset: offset, firstOffset: first < 0 ? nil : first,
          row: row < 0 ? nil : row))
    }
    return found
  }

  /// Whether integer keys rise from each to the next and stand above all the table has.
  private func isAscendingAboveAll(_ keys: Vector) -> Bool {
    guard case .words(let words) = keys.values, let first = words.first else { return false }
    if let bounds = column(key).wordBounds, first <= bounds.upperBound { return false }
    var isAscending = keys.known[0] != 0
    for offset in 1..<max(1, words.count) {
      if words[offset] <= words[offset - 1] || keys.known[offset] == 0 { isAscending = false }
    }
    return isAscending
  }

  private var isTextKeyed: Bool {
    if case .text = column(key).type { return true }
    return false
  }

  /// Whether the keys are one run of integers in row order, so that a key tells its row.
  private var isDenseKeyed: Bool {
    let column = column(key)
    guard let bounds = column.wordBounds, column.isStrictlyAscending else { return false }
    let (span, isOverflow) = bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound)
    return !isOverflow && span == Int64(rowCount) - 1
  }

  private func denseRow(of word: Int64, in column: Column) -> Int? {
    guard let bounds = column.wordBounds, bounds.contains(word) else { return nil }
    return Int(word - bounds.lowerBound)
  }

  /// The map over all rows. When the budget has no room it is made beside the budget and not kept:
  /// a look-up of a key must not give a wrong answer.
  private func currentKeyMap() -> KeyMap {
    let isDead = liveRowCount < rowCount ? { self.isDead($0) } : nil
    do {
      if let keyMap {
        try keyMap.extend(isDead: isDead)
        return keyMap
      }
      let made = try KeyMap(column(key), budget: budget, isDead: isDead)
      keyMap = made
      return made
    } catch {
      keyMap = nil
    }
    do {
      return try KeyMap(column(key), budget: Budget(), isDead: isDead)
    } catch {
      preconditionFailure("the system gives no memory for a map of the keys")
    }
  }

  private func text(of key: Scalar) -> String {
    switch key {
    case .text(let text): text
    case .word(let word): String(word)
    case .real(let real): String(real)
    case .unknown: ""
    }
  }
}
