import Store
import Testing

// Who refers to whom, by plain arrays.
extension ModelTable {
  /// The live rows that refer to each row, in order of time, unknown last, ties by row.
  func children(by field: FieldID) -> [Int64: [Int32]] {
    // Times of samples are positive and below 2³²: in front of the row they sort as one number.
    var children: [Int64: [UInt64]] = [:]
    for row in liveRows {
      if case .word(let parent) = cells[field.index][Int(row)] {
        let time = UInt64(time(of: row) ?? 0xFFFF_FFFF)
        children[parent, default: []].append(time << 32 | UInt64(row))
      }
    }
    return children.mapValues { keys in keys.sorted().map { Int32($0 & 0xFFFF_FFFF) } }
  }

  private func time(of row: Int32) -> Int64? {
    guard let field = definition.timeField, case .word(let time) = cells[field.index][Int(row)]
    else { return nil }
    return time
  }

  /// Compares the adjacency of a reference with the arrays: by runs and lists of parents, with masks
  /// and windows.
  func expectNeighbours(
    by field: FieldID, in table: Table, _ context: String, _ random: inout SampleRandom
  ) throws {
    let context = "\(context), children by \(definition[field].name)"
    let children = children(by: field)
    let adjacency = try table.adjacency(of: field)
    #expect(table.isAdjacencyBuilt(of: field), "\(context)")
    let fields = definition.fields.indices.map { FieldID($0) }.filter {
      !definition[$0].isComputed && table.canCluster($0)
    }
    #expect(try table.cluster(fields, by: field), "\(context)")
    #expect(table.isClustered(fields, by: field), "\(context)")
    let live = liveRows
    let bounds = (0..<2).map { _ in live.randomElement(using: &random).flatMap { time(of: $0) } ?? 0
    }
    let window = min(bounds[0], bounds[1])...max(bounds[0], bounds[1])
    let parentCount = Int(children.keys.max() ?? 0) + 3
    var base = 0
    while base < parentCount {
      let count = min(2_048, parentCount - base)
      let run = Rows.run(base: base, count: count)
      expect(adjacency, children, run, window, context, &random)
      expectPlaces(adjacency, fields, in: table, run, context)
      base += count
    }
    var parents = (0..<200).map { _ in Int32.random(in: -1..<Int32(parentCount), using: &random) }
    parents += children.keys.shuffled(using: &random).prefix(200).map { Int32($0) }
    expect(adjacency, children, .list(parents), window, context, &random)
    expectPlaces(adjacency, fields, in: table, .list(parents), context)
    for (parent, rows) in children.prefix(50) {
      #expect(adjacency.childCount(of: Int(parent)) >= rows.count, "\(context)")
    }
    #expect(adjacency.averageChildCount >= 0)
    try expectReferrers(by: field, children, in: table, context)
  }

  /// Compares what is read by places with what is read by rows, parents to which something happened
  /// aside: those are not walked by places.
  private func expectPlaces(
    _ adjacency: Adjacency, _ fields: [FieldID], in table: Table, _ parents: Rows,
    _ context: String
  ) {
    for offset in stride(from: 0, to: parents.count, by: 64) {
      let part = Rows.list(
        (offset..<min(offset + 64, parents.count)).map { Int32(truncatingIfNeeded: parents[$0]) })
      let mask = Mask(count: part.count)
      var (rows, places) = (Neighbours(), Neighbours())
      adjacency.appendChildren(of: part, in: mask, to: &rows)
      guard adjacency.appendPlaces(of: part, in: mask, to: &places) else { continue }
      #expect(places.owners == rows.owners, "\(context)")
      for field in fields {
        let clustered = adjacency.clusteredColumn(field)?.load(Rows(places.rows[...]))
        let plain = table.column(field).load(.list(rows.rows))
        let isSame = rows.rows.indices.allSatisfy { clustered?[$0] == plain[$0] }
        #expect(isSame, "\(context), \(definition[field].name)")
      }
    }
  }

  private func expect(
    _ adjacency: Adjacency, _ children: [Int64: [Int32]], _ parents: Rows,
    _ window: ClosedRange<Int64>, _ context: String, _ random: inout SampleRandom
  ) {
    var mask = Mask(count: parents.count)
    if Bool.random(using: &random) {
      for offset in mask.bytes.indices where Int.random(in: 0..<3, using: &random) == 0 {
        mask.bytes[offset] = 0
      }
    }
    var wanted = Neighbours()
    var recent = Neighbours()
    // What stands in a list before stays there.
    wanted.rows = [77, 5]
    wanted.owners = [0, 0]
    var (found, foundRecent) = (wanted, recent)
    for offset in 0..<parents.count where mask.bytes[offset] != 0 {
      for row in children[Int64(parents[offset])] ?? [] {
        wanted.rows.append(row)
        wanted.owners.append(Int32(offset))
        guard let time = time(of: row), window.contains(time) else { continue }
        recent.rows.append(row)
        recent.owners.append(Int32(offset))
      }
    }
    adjacency.appendChildren(of: parents, in: mask, to: &found)
    #expect(found.rows == wanted.rows, "\(context)")
    #expect(found.owners == wanted.owners, "\(context)")
    let windows = TimeWindows(
      lower: Vector(words: [Int64](repeating: window.lowerBound, count: parents.count)),
      upper: Vector(words: [Int64](repeating: window.upperBound, count: parents.count)),
      isOfDays: false, count: parents.count)
    adjacency.appendChildren(of: parents, in: mask, within: windows, to: &foundRecent)
    #expect(foundRecent.rows == recent.rows, "\(context), \(window)")
    #expect(foundRecent.owners == recent.owners, "\(context), \(window)")
    let counts = (0..<parents.count).map { offset in
      mask.bytes[offset] == 0 ? 0 : Int64(children[Int64(parents[offset])]?.count ?? 0)
    }
    #expect(adjacency.childCounts(of: parents, in: mask) == counts, "\(context)")
  }

  private func expectReferrers(
    by field: FieldID, _ children: [Int64: [Int32]], in table: Table, _ context: String
  ) throws {
    let referrers = Referrers(table, field, to: table)
    let targets = children.keys.filter { $0 < table.rowCount }.sorted().prefix(9).map { Int32($0) }
    let wanted = targets.flatMap { children[Int64($0)] ?? [] }.sorted()
    #expect(try referrers.rows(referringTo: targets) == wanted, "\(context)")
  }
}
