import Engine
import Store

// The words for facts of funnel and transitions.

extension VerbFactWords {
  /// The words for a fact of `funnel`.
  static func words(_ fact: FunnelFact) -> String {
    switch fact {
    case .rule(let within, let isByTime):
      return "each counts once, by the chain of steps in order that comes furthest"
        + (within.map { ", within \(VisibleText.of($0)) of its first step" } ?? "")
        + "; steps are compared by " + (isByTime ? "time" : "day")
    case .passed(let count):
      return
        "\(ValueText.grouped(count)) \(count == 1 ? "is" : "are") counted at a skipped stage, on"
        + " the day of the move past it"
    case .lateOpenings(let count):
      return "\(ValueText.grouped(count)) began at a later stage than the first, and"
        + " \(count == 1 ? "has" : "have") passed those before on that day"
    case .assumedOpenings(let count):
      return count == 1
        ? "1 has no recorded opening: its stage counts since the day it has it, else since it began"
        : "\(ValueText.grouped(count)) have no recorded opening: their stage counts since the day"
          + " they have it, else since they began"
    case .undatedOpenings(let count):
      return
        "\(ValueText.grouped(count)) \(count == 1 ? "has" : "have") a stage without a day, which"
        + " is left out"
    case .whole(let count, let median):
      return
        "\(ValueText.grouped(count)) \(count == 1 ? "comes" : "come") to the last step, in"
        + " \(ValueText.number(median)) days from the first (median)"
    case .equalMoments(let count, let isByTime):
      return "\(ValueText.grouped(count)) \(count == 1 ? "comes" : "come") to two steps "
        + (isByTime ? "at the same time" : "on the same day")
        + ": one relation's in the order of the file, several's in that of the steps"
    }
  }

  /// The words for a fact of `transitions`.
  static func words(_ fact: TransitionsFact) -> String {
    switch fact {
    case .rule(let moves, let moved, let isInPeriod):
      return "\(ValueText.grouped(moves)) moves of \(ValueText.grouped(moved))"
        + (isInPeriod ? " in the period" : "")
        + "; shares are of the moves that leave a stage, median_days of the stay before"
    case .staying(let stages):
      return "moves that leave, and who is there on that day: "
        + stages.map {
          "\(VisibleText.of($0.name)) \(ValueText.grouped($0.leaving)) and"
            + " \(ValueText.grouped($0.staying))"
        }.joined(separator: ", ")
    case .openings(let count):
      return count == 1
        ? "1 opening of a history is no move"
        : "\(ValueText.grouped(count)) openings of a history are no moves"
    case .unchanged(let count):
      return count == 1
        ? "1 change into the same stage is no move"
        : "\(ValueText.grouped(count)) changes into the same stage are no moves"
    case .unknown(let count):
      return count == 1
        ? "1 change into no stage is left out"
        : "\(ValueText.grouped(count)) changes into no stage are left out"
    case .few(let stages, let least):
      return "fewer than \(ValueText.grouped(least)) moves leave "
        + stages.map { "\(VisibleText.of($0.name)) (\(ValueText.grouped($0.leaving)))" }
        .joined(separator: ", ")
        + ": their shares say little"
    }
  }
}
