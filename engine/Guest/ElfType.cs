namespace Culverin.Guest;

/// <summary>What kind of file it says to be (e_type).</summary>
internal enum ElfType
{
    /// <summary>ET_NONE.</summary>
    None = 0,

    /// <summary>ET_REL: an object file, not linked yet.</summary>
    Relocatable = 1,

    /// <summary>ET_EXEC: a program for fixed addresses.</summary>
    Executable = 2,

    /// <summary>ET_DYN: a shared library, or a program for any address.</summary>
    Dynamic = 3,

    /// <summary>ET_CORE: the memory of a process that ended.</summary>
    Core = 4,
}
