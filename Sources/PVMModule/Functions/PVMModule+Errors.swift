extension PVMModule {
  /// What each error code means, for the manual.
  static var errorCodes: [(code: String, note: String)] {
    [
      ("EFAULT", "nothing there can be read, or written by the target itself"),
      ("ESRCH", "there is no such process, or it has ended"),
      ("EXEC", "the process runs another program since it was attached; attach again"),
      ("EPERM", "the kernel refuses; the message says why and the hint what helps"),
      ("EREADONLY", "attached for reading only, or captured memory, which does not change"),
      ("ESHARED", "the write would change a file on disk; allow it with shared=true"),
      ("ECLOSED", "the handle was closed"),
      ("EAMBIGUOUS", "several processes or modules fit; `candidates` lists them"),
      ("EMISMATCH", "the bytes there are not those that a patch expects"),
      ("EBUSY", "another freeze or another pvmlua has the place, or a thread is inside the code"),
      ("ELOOP", "pointers lead in a circle"),
      ("ENOENT", "nothing has that name"),
      ("EINVAL", "what was asked for makes no sense; the message says what"),
      ("ERANGE", "a value does not fit the type it is to be written in"),
      ("E2BIG", "more than can be held at once"),
      ("ENOMEM", "there is not enough memory"),
      ("ENOSPC", "there is not enough room on disk for what memory does not hold"),
      ("ETIMEDOUT", "the time was up"),
      ("EINTERRUPTED", "Ctrl-C"),
      ("EACCES", "a program may not be run"),
      ("EPIPE", "the child reads no more"),
      ("ENOTSUP", "not possible with this kernel or this kind of source"),
    ]
  }
}
