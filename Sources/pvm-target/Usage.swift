enum Usage {
  static let text = """
    usage: pvm-target [options]

    """
}
