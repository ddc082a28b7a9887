using Culverin.Inspect;
using Culverin.Run;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>
/// Runs a guest a second time and proves a handful of its steps: the first; the first system call; the
/// pre-image read in the middle of all; from there on the next load and store; the last.
/// </summary>
internal sealed class StepPicker(IEngineMachine machine, CancellationToken cancellation)
{
    // Each step of the search is looked at, which is slow: a guest may have no more stores.
    private const ulong SearchStepsMax = 2_000_000;

    private const int NumberRegister = 2;
    private const int DescriptorRegister = 4;
    private const uint PreimageReadDescriptor = 5;
    private const string Syscall = "syscall";

    private static readonly RunLimits OneStep = new() { StepsMax = 1 };
    private static readonly HashSet<string> Loads = ["lb", "lbu", "lh", "lhu", "lw", "lwl", "lwr"];
    private static readonly HashSet<string> Stores = ["sb", "sh", "sw", "swl", "swr", "ll", "sc"];

    private readonly MachineInspector _inspector = new(machine);
    private readonly List<ProvenStep> _steps = [];

    private enum Kind
    {
        Other,
        Load,
        Store,
        Syscall,
    }

    /// <summary>Proves the steps; they come in ascending order.</summary>
    /// <param name="first">What the first run found out.</param>
    public IReadOnlyList<ProvenStep> Pick(GuestRun first)
    {
        Prove("first step");
        ulong last = first.Steps - 1;
        Search(last, Kind.Syscall);
        ulong[] reads = [.. first.PreimageReads.Where(step => step >= machine.Step && step < last)];
        if (reads.Length > 0)
        {
            RunTo(reads[reads.Length / 2]);
            Prove("pre-image read");
        }
        else
        {
            RunTo(first.Steps / 2);
        }

        Search(last, Kind.Load, Kind.Store);
        if (machine.Step <= last)
        {
            RunTo(last);
            Prove("last step");
        }

        return _steps;
    }

    private void Search(ulong last, params Kind[] kinds)
    {
        HashSet<Kind> wanted = [.. kinds];
        ulong end = Math.Min(last, machine.Step + SearchStepsMax);
        while (wanted.Count > 0 && machine.Step < end)
        {
            cancellation.ThrowIfCancellationRequested();
            Kind kind = KindOfNext();
            if (wanted.Remove(kind))
            {
                Prove(kind switch
                {
                    Kind.Load => "load",
                    Kind.Store => "store",
                    _ => "system call",
                });
            }
            else
            {
                _ = machine.Run(OneStep);
            }
        }
    }

    private void RunTo(ulong step) =>
        machine.Run(new RunLimits { UntilStep = step, Cancellation = cancellation });

    private void Prove(string what)
    {
        string instruction = Describe();
        _steps.Add(new ProvenStep(what, instruction, machine.Prove()));
    }

    private string NextMnemonic() => _inspector.NextInstruction.Split(' ')[0];

    private Kind KindOfNext() => NextMnemonic() switch
    {
        string load when Loads.Contains(load) => Kind.Load,
        string store when Stores.Contains(store) => Kind.Store,
        Syscall when !ReadsPreimage() => Kind.Syscall,
        _ => Kind.Other,
    };

    private bool ReadsPreimage() => _inspector.NextSyscall == "read"
        && _inspector.ReadRegister(DescriptorRegister) == PreimageReadDescriptor;

    private string Describe()
    {
        string mnemonic = NextMnemonic();
        if (mnemonic != Syscall)
        {
            return mnemonic;
        }

        return _inspector.NextSyscall switch
        {
            null => $"{Syscall} {_inspector.ReadRegister(NumberRegister)}",
            string name and ("read" or "write" or "fcntl" or "exit_group") =>
                $"{name}({_inspector.ReadRegister(DescriptorRegister)})",
            string name => name,
        };
    }
}
