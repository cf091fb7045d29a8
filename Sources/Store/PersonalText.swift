/// What a text says of a person, by which a stand-in for it is made.
package enum PersonalText: String, CaseIterable, Hashable, Sendable {
  case name, mail, phone, address
  /// Free text, which may say anything.
  case words
}

extension Entity {
  /// What the texts of a field say of persons; nil where they say nothing: where the field is no text,
  /// a key, one of those that come with rapport and only sort records, or part of the house rules.
  /// Whatever else is text may say something.
  package func personalText(of id: FieldID) -> PersonalText? {
    let field = self[id]
    guard field.type == .text, id != key, role?.isRules != true else { return nil }
    let name = field.name.lowercased()
    if isBuiltIn, Catalog.sortingTexts[self.name.lowercased()]?.contains(name) == true {
      return nil
    }
    func says(_ words: String...) -> Bool { words.contains { name.contains($0) } }
    if says("mail") { return .mail }
    if says("phone", "mobile", "fax") { return .phone }
    if says("address", "street", "postcode", "zip") { return .address }
    if labelField == id || says("name") { return .name }
    return .words
  }
}

extension Catalog {
  /// The texts of built-in entities that sort records and say nothing of a person by themselves.
  fileprivate static let sortingTexts: [String: Set<String>] = [
    "customers": ["country", "region", "city", "industry", "source"],
    "contacts": ["role"],
    "employees": ["job_family", "region", "skills"],
    "products": ["name", "category"],
    "campaigns": ["name"],
  ]
}
