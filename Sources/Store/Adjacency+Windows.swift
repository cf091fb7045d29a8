// Children whose time lies in a window of their parent: found by halving, for a parent's children stand
// in the order of their times.

extension Adjacency {
  /// Adds, for each parent that is in, its live children whose time lies in the window of the parent,
  /// as `appendChildren(of:in:to:)` does. Children without a time are in none.
  ///
  /// - Complexity: O(log *n*) in the children of each parent, O(1) where the window is after all of
  ///   them, and O(*n*) in those given.
  package func appendChildren(
    of parents: Rows, in mask: Mask, within windows: TimeWindows, to list: inout Neighbours
  ) {
    precondition(mask.count == parents.count, "one byte a parent")
    let runs = runs(of: parents, in: mask, within: windows)
    for offset in 0..<parents.count where mask.bytes[offset] != 0 {
      let parent = parents[offset]
      guard parent >= 0, changes.isTouched(Int32(truncatingIfNeeded: parent)) else {
        for place in runs[offset] { list.append(children.elements[place], owner: offset) }
        continue
      }
      let all = currentChildren(of: parent)
      let window = (windows.lowers[offset], windows.uppers[offset])
      list.append(all[part(of: all.indices, in: window) { time(of: all[$0]) }], owner: offset)
    }
  }

  /// Adds the places of these children, as `appendPlaces(of:in:to:)` does.
  ///
  /// - Returns: False, having done nothing, where something has happened to one of the parents since
  ///   the adjacency was built.
  package func appendPlaces(
    of parents: Rows, in mask: Mask, within windows: TimeWindows, to list: inout Neighbours
  ) -> Bool {
    precondition(mask.count == parents.count, "one byte a parent")
    guard changes.touched(among: parents).isEmpty else { return false }
    let runs = runs(of: parents, in: mask, within: windows)
    for offset in 0..<parents.count { list.append(run: runs[offset], owner: offset) }
    return true
  }

  /// Where the covered children of each parent stand whose times lie in its window; nowhere for a
  /// parent that is out.
  ///
  /// Each step is taken for all parents before the next: what the processor fetches from far away for
  /// one of them then is under way while it asks for the next.
  private func runs(of parents: Rows, in mask: Mask, within windows: TimeWindows) -> [Range<Int>] {
    var runs = (0..<parents.count).map { offset -> Range<Int> in
      mask.bytes[offset] == 0 ? 0..<0 : places(of: parents[offset])
    }
    if let copy = timeField.flatMap({ clustered[$0]?.copy }) {
      // The times of one parent's children stand side by side.
      narrow(&runs, to: windows, copy) { $0 }
    } else if let times {
      let children = children.elements
      narrow(&runs, to: windows, times) { Int(children[$0]) }
    } else {
      runs = runs.map { $0.lowerBound..<$0.lowerBound }
    }
    return runs
  }

  @inline(__always)
  private func narrow(
    _ runs: inout [Range<Int>], to windows: TimeWindows, _ times: Column, row: (Int) -> Int
  ) {
    guard !times.hasUnknown else {
      return narrow(&runs, to: windows) { place in
        let row = row(place)
        return times.isKnown(row) ? times.word(row) : .max
      }
    }
    switch times.storage {
    case .int16(let memory):
      let words = memory.elements
      narrow(&runs, to: windows) { Int64(words[row($0)]) }
    case .int32(let memory):
      let words = memory.elements
      narrow(&runs, to: windows) { Int64(words[row($0)]) }
    default:
      narrow(&runs, to: windows) { times.word(row($0)) }
    }
  }

  /// - Parameter time: The time of the child at a place, the largest word where it is unknown.
  @inline(__always)
  private func narrow(
    _ runs: inout [Range<Int>], to windows: TimeWindows, time: (Int) -> Int64
  ) {
    let newest = runs.map { $0.isEmpty ? Int64.min : time($0.upperBound - 1) }
    for offset in runs.indices {
      let run = runs[offset]
      let (lower, upper) = (windows.lowers[offset], windows.uppers[offset])
      // Many a window begins after all children of the parent.
      if newest[offset] < lower || lower > upper {
        runs[offset] = run.lowerBound..<run.lowerBound
      } else if !run.isEmpty {
        runs[offset] = part(of: run, in: (lower, upper), time: time)
      }
    }
  }

  /// The places of a run of children whose times lie in a window.
  @inline(__always)
  private func part(
    of run: Range<Int>, in window: (lower: Int64, upper: Int64), time: (Int) -> Int64
  ) -> Range<Int> {
    guard window.lower <= window.upper else { return run.lowerBound..<run.lowerBound }
    var end = run.upperBound
    if end > run.lowerBound, isAfter(time(end - 1), window.upper) {
      end = firstPlace(in: run.lowerBound..<end - 1) { isAfter(time($0), window.upper) }
    }
    // Windows are often short: from their end back in steps that double.
    var (start, step) = (end, 1)
    while start > run.lowerBound {
      let place = max(run.lowerBound, start - step)
      if time(place) < window.lower {
        start = firstPlace(in: place + 1..<start) { time($0) >= window.lower }
        break
      }
      (start, step) = (place, 2 * step)
    }
    return start..<end
  }

  /// Whether a time is after a window that ends at `upper`, or unknown.
  @inline(__always)
  private func isAfter(_ time: Int64, _ upper: Int64) -> Bool { time > upper || time == .max }

  /// The time of a child, the largest word where it is unknown.
  private func time(of row: Int32) -> Int64 {
    guard let times, times.isKnown(Int(row)) else { return .max }
    return times.word(Int(row))
  }
}
