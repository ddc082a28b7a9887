using System.Collections.Generic;
using System.Linq;
using Culverin.Versions;

namespace Culverin.Execute;

/// <summary>System calls by their Linux name; the numbers depend on the word size.</summary>
public enum SyscallName
{
    /// <summary>Not in the table.</summary>
    Unknown,

    /// <summary>Reserves address space.</summary>
    Mmap,

    /// <summary>Answers the constant program break.</summary>
    Brk,

    /// <summary>Starts a thread; answers 1 in single-threaded versions.</summary>
    Clone,

    /// <summary>Ends the program.</summary>
    ExitGroup,

    /// <summary>Reads from a descriptor.</summary>
    Read,

    /// <summary>Writes to a descriptor.</summary>
    Write,

    /// <summary>Asks for descriptor flags.</summary>
    Fcntl,
}

/// <summary>One system call of one state version.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Number">Its number in r2.</param>
/// <param name="Summary">What it does, in one line.</param>
public sealed record SyscallEntry(SyscallName Name, uint Number, string Summary);

/// <summary>
/// The system calls that do something; in single-threaded versions all others answer 0 without error.
/// </summary>
public static class SyscallTable
{
    private static readonly SyscallEntry[] SingleThreaded32 =
    [
        new(SyscallName.Read, 4003, "bytes from descriptor 0 (none), 3 (hint answer) or 5 (pre-image)"),
        new(SyscallName.Write, 4004, "bytes to descriptor 1, 2 (output), 4 (hint) or 6 (pre-image key)"),
        new(SyscallName.Brk, 4045, "answers the constant program break"),
        new(SyscallName.Fcntl, 4055, "F_GETFL, and F_GETFD from version 2 on; "
            + "other commands fail with EINVAL"),
        new(SyscallName.Mmap, 4090, "moves the heap pointer, or answers the address asked for"),
        new(SyscallName.Clone, 4120, "answers 1: threads are not started"),
        new(SyscallName.ExitGroup, 4246, "ends the program with the low 8 bits of the code"),
    ];

    /// <summary>The calls of a version, ascending by number.</summary>
    public static IReadOnlyList<SyscallEntry> Of(FeatureSet features)
    {
        _ = features;
        return SingleThreaded32;
    }

    /// <summary>Numbers to names for a version.</summary>
    public static Dictionary<uint, SyscallName> NamesByNumber(FeatureSet features) =>
        Of(features).ToDictionary(entry => entry.Number, entry => entry.Name);
}
