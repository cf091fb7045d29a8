// The catalog's choices by their codes: a case's raw value is its position in the choice list.

/// `customers.kind`
enum Kind: UInt8 {
  case person, organisation
}

/// `customers.stage`, `stage_changes.from` and `to`
enum Stage: UInt8 {
  case recruitment, welcoming, gettingToKnow, accountManagement, intensiveCare, dissociation
}

/// `channel` of campaigns, orders and interactions
enum Channel: UInt8 {
  case mail, phone, email, web, visit, social, shop
}

/// `orders.status`
enum Status: UInt8 {
  case placed, paid, returned, cancelled
}

/// `interactions.direction`
enum Direction: UInt8 {
  case incoming, outgoing
}

/// `interactions.purpose`
enum Purpose: UInt8 {
  case campaign, sale, welcome, service, complaint, followUp, survey
}

/// `interactions.outcome`
enum Outcome: UInt8 {
  case disappointed, met, exceeded
}

/// `complaints.severity`
enum Severity: UInt8 {
  case low, medium, high
}

/// A code that stands for an unknown choice or sentence in a compact row.
let unknownCode: UInt8 = 255

/// A day that stands for an unknown date in a compact row.
let unknownDay: Int32 = -1
