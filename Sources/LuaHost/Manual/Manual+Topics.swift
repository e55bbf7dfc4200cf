extension Manual {
  /// The names that have a page, in the order of the alphabet.
  public var topics: [Candidate] {
    let classes = module.classes.map {
      Candidate(shortName($0), .value, summary: ManualText.line($0.summary))
    }
    let members = entries.map { entry in
      Candidate(entry.name, .value, summary: ManualText.line(entry.declaration.summary))
    }
    return (classes + members).sorted { $0.text < $1.text }
  }
}
