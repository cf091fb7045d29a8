import Store

/// Finds for one subject after the other how many steps it comes, and when.
struct FunnelSearch {
  /// How many steps the best chain has.
  private(set) var depth = 0
  /// When it comes to each of them.
  private(set) var days: [Int32]
  /// Whether two steps of it have the same moment, a stage passed on the way to another aside.
  private(set) var hasEqualMoments = false
  /// Whether a stage of it is passed rather than entered.
  private(set) var hasPassed = false

  private let lists: [FunnelEvents]
  /// For each step the list it is in, and its stage.
  private let steps: [(list: Int, stage: UInt8?)]
  /// The last day on which the last step counts, by the day of the first; nil without a limit.
  private let limit: ((Int) -> Int)?
  /// For each step the first place where it can still be. A later first step makes none of them
  /// earlier, so that all first steps together look at each event once a step.
  private var nexts: [Int]
  /// For each list the last event used and the step it is.
  private var used: [(place: Int, step: Int)?]
  private var chain: [Int]

  init(
    _ lists: [FunnelEvents], _ steps: [(list: Int, stage: UInt8?)], limit: ((Int) -> Int)?
  ) {
    self.lists = lists
    self.steps = steps
    self.limit = limit
    days = [Int32](repeating: 0, count: steps.count)
    nexts = [Int](repeating: 0, count: steps.count)
    chain = nexts
    used = [(place: Int, step: Int)?](repeating: nil, count: lists.count)
  }

  /// The chain that comes furthest; of equally long ones the one that begins first.
  mutating func search(_ subject: Int) {
    depth = 0
    hasEqualMoments = false
    hasPassed = false
    for step in steps.indices { nexts[step] = lists[steps[step].list][subject].lowerBound }
    let range = lists[steps[0].list][subject]
    var depthMax = steps.count
    var start = range.lowerBound
    while depth < depthMax, start < range.upperBound {
      guard lists[steps[0].list].steps[start] & 1 != 0 else {
        start += 1
        continue
      }
      let found = follow(from: start, subject, &depthMax)
      if found > depth { keep(found) }
      // Without a limit the first occurrence comes as far as any.
      if limit == nil { break }
      start += 1
    }
  }

  /// Goes on from a first step to the earliest event of each next one; gives how many steps it comes.
  private mutating func follow(from start: Int, _ subject: Int, _ depthMax: inout Int) -> Int {
    let first = steps[0].list
    for list in used.indices { used[list] = nil }
    used[first] = (start, 0)
    chain[0] = start
    var moment = lists[first].moments[start]
    let last = limit.map { $0(Int(lists[first].days[start])) }
    for step in steps.indices.dropFirst() {
      let list = steps[step].list
      let end = lists[list][subject].upperBound
      var place = nexts[step]
      if let (before, other) = used[list] {
        place = max(place, mayShare(step, after: other) ? before : before + 1)
      }
      let bit = UInt32(1) << UInt32(step)
      while place < end, lists[list].moments[place] < moment || lists[list].steps[place] & bit == 0
      {
        place += 1
      }
      nexts[step] = place
      guard place < end else {
        depthMax = min(depthMax, step)
        return step
      }
      if let last, Int(lists[list].days[place]) > last { return step }
      used[list] = (place, step)
      chain[step] = place
      moment = lists[list].moments[place]
    }
    return steps.count
  }

  /// Whether one change of stage may be both steps: it passes the one on its way to the other.
  private func mayShare(_ step: Int, after other: Int) -> Bool {
    guard let later = steps[step].stage, let earlier = steps[other].stage else { return false }
    return later > earlier
  }

  private mutating func keep(_ found: Int) {
    depth = found
    hasEqualMoments = false
    hasPassed = false
    for step in 0..<found {
      let (list, place) = (steps[step].list, chain[step])
      days[step] = lists[list].days[place]
      if lists[list].passed[place] & (1 << UInt32(step)) != 0 { hasPassed = true }
      guard step > 0 else { continue }
      let (other, before) = (steps[step - 1].list, chain[step - 1])
      let isSame = other == list && before == place
      if !isSame, lists[other].moments[before] == lists[list].moments[place] {
        hasEqualMoments = true
      }
    }
  }
}
