using Culverin.Execute;
using Culverin.Guest;
using Culverin.Isa;
using Culverin.Versions;

namespace Culverin.Analyze;

/// <summary>
/// A program's code, read as a version reads it: functions, ways between them, system calls.
/// </summary>
internal sealed class GuestReading
{
    /// <summary>Reads a program.</summary>
    /// <param name="elf">The program.</param>
    /// <param name="features">The version.</param>
    /// <param name="isGo">Whether it is a Go program.</param>
    public GuestReading(ElfFile elf, FeatureSet features, bool isGo)
    {
        Code = new GuestCode(elf);
        Decoder = new Decoder(features);
        uint exit = SyscallTable.Of(features).First(entry => entry.Name == "exit_group").Number;
        var scan = new FunctionScan(Code, Decoder, features.WordBits, exit, isGo);
        Facts = [.. Code.Functions.Select(scan.Read)];
        HashSet<int> pointedTo = Code.PointedToFromData();
        GoLibrary? library = isGo ? new GoLibrary(elf) : null;
        if (library is not null)
        {
            pointedTo.RemoveWhere(number => library.IsNeverCalledBack(Code.Functions[number].Name));
        }

        Reachability = new Reachability(
            Code,
            Facts,
            pointedTo,
            (from, to) => library?.IsLeftOut(Code.Functions[from].Name, Code.Functions[to].Name) ?? false);
        Sites = SyscallNumbers.Find(Code, scan, Facts, OpenFunctions(pointedTo), features.WordBits);
    }

    /// <summary>The functions.</summary>
    public GuestCode Code { get; }

    /// <summary>The version's decoder.</summary>
    public Decoder Decoder { get; }

    /// <summary>What each function tells, by its number.</summary>
    public IReadOnlyList<FunctionFacts> Facts { get; }

    /// <summary>How each function may be reached.</summary>
    public Reachability Reachability { get; }

    /// <summary>The places that decide on system calls.</summary>
    public IReadOnlyList<SyscallSite> Sites { get; }

    // Those that may be entered from elsewhere than by the calls and jumps that were found.
    private bool[] OpenFunctions(HashSet<int> pointedTo)
    {
        bool[] isOpen = new bool[Facts.Count];
        IEnumerable<int> entered = Facts
            .Where((_, number) => Reachability[number] != CodeReach.NotSeen)
            .SelectMany(each => each.AddressesTaken.Concat(each.LeadsInside));
        foreach (int function in pointedTo.Concat(entered).Append(Code.Around(Code.EntryPoint)))
        {
            if (function >= 0)
            {
                isOpen[function] = true;
            }
        }

        return isOpen;
    }
}
