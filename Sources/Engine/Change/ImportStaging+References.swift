import Store

// References of the entity to itself: their keys are those of records of the file or of the table.

extension ImportStaging {
  private var ownTargets: [ImportLayout.Target] {
    layout.targets.filter { ownReferences[$0.field] != nil }
  }

  /// Leaves out the records whose reference to another of their kind leads nowhere, and those that
  /// refer to records left out.
  func rejectLostReferences() throws(StoreError) {
    var open: [Int32] = []
    for target in ownTargets {
      guard let keys = ownReferences[target.field] else { continue }
      let staged = table.rows(withKeys: keys)
      try table.fill(target.field, with: RowSelection.references(staged))
      for row in missing(keys, staged) where !table.isDead(row) {
        reject(row, keys[row], target)
        open.append(Int32(row))
      }
    }
    try rejectReferrers(of: open)
  }

  /// Leaves out what refers to records left out, and what refers to that.
  private func rejectReferrers(of rejected: [Int32]) throws(StoreError) {
    let referrers = ownTargets.map { (target: $0, rows: Referrers(table, $0.field, to: table)) }
    var open = [rejected]
    while let rows = open.popLast() {
      try Cancellation.check()
      // What would have changed a record that is there leaves that there.
      let lost = rows.filter { row in (matches?[Int(row)] ?? -1) < 0 }
      for (target, referrers) in referrers {
        let referring = try referrers.rows(referringTo: lost).filter { !table.isDead(Int($0)) }
        for row in referring {
          reject(Int(row), ownReferences[target.field]?[Int(row)] ?? .unknown, target)
        }
        if !referring.isEmpty { open.append(referring) }
      }
    }
  }

  /// Resolves the references, once it is settled which records are left out.
  func fillOwnReferences() throws(StoreError) {
    let final = ownTargets.isEmpty ? [] : finalRows
    for target in ownTargets {
      guard let keys = ownReferences[target.field] else { continue }
      let staged = table.rows(withKeys: keys)
      let here = present?.rows(withKeys: keys)
      let rows = staged.indices.map { offset in
        staged[offset] >= 0 ? final[Int(staged[offset])] : here?[offset] ?? -1
      }
      try table.fill(target.field, with: RowSelection.references(rows))
    }
  }

  /// The rows that staged records will have in the entity's table, -1 for those left out.
  var finalRows: [Int32] {
    var next = Int32(firstRow)
    return (0..<table.rowCount).map { row in
      if table.isDead(row) { return -1 }
      if let match = matches?[row], match >= 0 { return match }
      defer { next += 1 }
      return next
    }
  }

  /// The offsets of keys that neither a staged record nor one of the table has.
  private func missing(_ keys: Vector, _ staged: [Int32]) -> [Int] {
    let offsets = RowSelection.missing(staged, known: keys.known)
    guard let present, present.rowCount > 0 else { return offsets }
    let here = present.rows(withKeys: keys)
    return offsets.filter { here[$0] < 0 }
  }

  private func reject(_ row: Int, _ key: Scalar, _ target: ImportLayout.Target) {
    reject(
      row, code: "reference-not-found", "there is no \(layout.definition.singular) '\(text(key))'",
      target)
  }
}
