import Store

extension VerbGroups {
  /// What the column that tells groups apart is called in the statements of a verb.
  static let column = "part"

  /// Whether the verb's rows are groups, and go by their keys.
  var isGrouped: Bool { form != .none }

  /// The statement of a verb's events with `part`, the group of each: its own or its subject's. There
  /// is none where all are in one.
  ///
  /// - Parameter names: What the events' values are called.
  func events(
    _ verb: VerbTranslation, values names: [String]
  ) throws(TranslateReason) -> String {
    let events = try verb.events(values: names, group: form == .events ? Self.column : nil)
    guard case .subjects(let place) = form else { return events }
    let parts = try verb.values("parts", [(place, Self.column)])
    return verb.define(
      "parted", [("\(events).*", ""), ("\(parts).\(Self.column)", Self.column)],
      from: "\(events)\nJOIN \(parts) ON \(parts).subject = \(events).subject")
  }
}
