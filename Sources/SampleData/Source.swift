/// Where customers come from.
enum Source: Int, CaseIterable {
  case referral, web, partner, tradeFair, advertising, socialMedia, coldCall, newsletter

  /// The name, as stored.
  var name: String {
    switch self {
    case .referral: "referral"
    case .web: "web search"
    case .partner: "partner"
    case .tradeFair: "trade fair"
    case .advertising: "advertising"
    case .socialMedia: "social media"
    case .coldCall: "cold call"
    case .newsletter: "newsletter"
    }
  }

  /// The second parameter of the beta distribution of drop-out: larger stays longer.
  var staying: Double {
    switch self {
    case .referral: 7
    case .partner: 6
    case .tradeFair: 5
    case .newsletter: 4
    case .web: 3.5
    case .advertising: 2.5
    case .socialMedia: 1.8
    case .coldCall: 1.5
    }
  }

  /// The share that ever buys.
  var conversion: Double {
    switch self {
    case .referral: 0.96
    case .partner, .tradeFair: 0.92
    case .web, .newsletter: 0.9
    case .advertising: 0.84
    case .socialMedia, .coldCall: 0.77
    }
  }

  /// Sources that need no campaign, the commoner ones more than once.
  static let unprompted: [Source] = [.web, .web, .web, .partner, .tradeFair, .advertising]

  /// The source that a campaign's channel stands for.
  static func of(_ channel: Channel) -> Source {
    switch channel {
    case .mail, .web, .shop: .advertising
    case .phone: .coldCall
    case .email: .newsletter
    case .visit: .tradeFair
    case .social: .socialMedia
    }
  }
}
