namespace Culverin.X64;

/// <summary>General registers by their number in encodings; the name is that of all 64 bits.</summary>
internal enum Register : byte
{
    /// <summary>rax</summary>
    Rax,

    /// <summary>rcx</summary>
    Rcx,

    /// <summary>rdx</summary>
    Rdx,

    /// <summary>rbx</summary>
    Rbx,

    /// <summary>rsp</summary>
    Rsp,

    /// <summary>rbp</summary>
    Rbp,

    /// <summary>rsi</summary>
    Rsi,

    /// <summary>rdi</summary>
    Rdi,

    /// <summary>r8</summary>
    R8,

    /// <summary>r9</summary>
    R9,

    /// <summary>r10</summary>
    R10,

    /// <summary>r11</summary>
    R11,

    /// <summary>r12</summary>
    R12,

    /// <summary>r13</summary>
    R13,

    /// <summary>r14</summary>
    R14,

    /// <summary>r15</summary>
    R15,
}
