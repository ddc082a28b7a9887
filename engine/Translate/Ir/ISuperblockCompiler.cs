namespace Culverin.Translate.Ir;

/// <summary>
/// Turns superblocks into machine code of one kind of processor: what another backend has to do, and all that
/// the translator knows of one.
/// </summary>
/// <remarks>
/// <para>Code and offsets are those of one code memory, which the compiler fills from its beginning. Code
/// finds the guest's registers in the state's native block (<see cref="GuestRegister"/>), all else in the
/// <see cref="TranslatorFrame"/> there, and comes back with an <see cref="ExitKind"/>.</para>
/// <para>A superblock takes its steps off the frame's budget at its head and comes back with <see
/// cref="ExitKind.Budget"/> if they are more than is left; each way out gives back what it does not execute.
/// What is not ordinary (a check of the interpreter's that fails) leaves with <see cref="ExitKind.SideExit"/>
/// before the instruction, or before the branch whose delay slot it is, with nothing changed.</para>
/// <para>One thread at a time.</para>
/// </remarks>
internal interface ISuperblockCompiler
{
    /// <summary>How many guest registers can live in host registers.</summary>
    int PinCount { get; }

    /// <summary>Bytes of the code memory that are not used.</summary>
    int FreeBytes { get; }

    /// <summary>The direct jumps of the superblock compiled last.</summary>
    IReadOnlyList<Link> Links { get; }

    /// <summary>
    /// Forgets all code and writes what stands in front of superblocks: the way in and the ways out. Offset 0
    /// is where indirect jumps go that find no superblock.
    /// </summary>
    /// <param name="operations">The micro-operations of the plans to come.</param>
    /// <param name="pinned">Guest registers to keep in host registers, at most <see
    /// cref="PinCount"/>.</param>
    /// <returns>
    /// Offset of the way in, a C function of two pointers: the state's native block, and the code to start
    /// at.
    /// </returns>
    int Begin(MicroOperationList operations, IReadOnlyList<int> pinned);

    /// <summary>Forgets all superblocks.</summary>
    void Clear();

    /// <summary>Compiles a superblock.</summary>
    /// <param name="plan">What to translate; cut before what the interpreter must execute.</param>
    /// <param name="firstLinkNumber">What the first of <see cref="Links"/> is called on its exit.</param>
    /// <returns>Offset of its code.</returns>
    int Compile(SuperblockPlan plan, int firstLinkNumber);

    /// <summary>Lets a direct jump lead elsewhere.</summary>
    /// <param name="site">See <see cref="Link.Site"/>.</param>
    /// <param name="target">Offset of the code.</param>
    void Redirect(int site, int target);
}
