using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Culverin.Execute;
using Culverin.Isa;
using Culverin.State;

namespace Culverin.Harness.Cli.Demo;

/// <summary>
/// Runs a guest a second time and proves a handful of its steps: the first; the first system call; the
/// pre-image read in the middle of all; from there on the next load and store; the last.
/// </summary>
internal sealed class StepPicker(Machine machine, CancellationToken cancellation)
{
    // Each step of the search is looked at, which is slow: a guest may have no more stores.
    private const ulong SearchStepsMax = 2_000_000;

    private const uint FirstLoadOpcode = 0x20;
    private const uint FirstStoreOpcode = 0x28;
    private const int PrimaryShift = 26;
    private const int NumberRegister = 2;
    private const int DescriptorRegister = 4;
    private const uint PreimageReadDescriptor = 5;

    private readonly Decoder _decoder = new(machine.Features);
    private readonly Dictionary<uint, SyscallName> _syscalls = SyscallTable.NamesByNumber(machine.Features);
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

    private static string WordsOf(SyscallName name) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString());

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
                machine.ExecuteStep();
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

    private uint NextWord() => machine.Image.Memory.ReadUInt32(machine.ProgramCounter);

    private string MnemonicOf(uint word) =>
        InstructionSet.Rows[_decoder.Decode(word).Opcode - 1].Mnemonic;

    private Kind KindOfNext()
    {
        uint word = NextWord();
        return (word >> PrimaryShift) switch
        {
            >= FirstStoreOpcode => Kind.Store,
            >= FirstLoadOpcode => Kind.Load,
            _ => MnemonicOf(word) == "syscall" && !ReadsPreimage() ? Kind.Syscall : Kind.Other,
        };
    }

    private bool ReadsPreimage() => SyscallOfNext() == SyscallName.Read
        && Register(DescriptorRegister) == PreimageReadDescriptor;

    private SyscallName SyscallOfNext() => _syscalls.GetValueOrDefault(Register(NumberRegister));

    private string Describe()
    {
        string mnemonic = MnemonicOf(NextWord());
        if (mnemonic != "syscall")
        {
            return mnemonic;
        }

        SyscallName name = SyscallOfNext();
        uint first = Register(DescriptorRegister);
        return name switch
        {
            SyscallName.Unknown => $"syscall {Register(NumberRegister)}",
            SyscallName.Read or SyscallName.Write or SyscallName.Fcntl or SyscallName.ExitGroup =>
                $"{WordsOf(name)}({first})",
            _ => WordsOf(name),
        };
    }

    // SAFETY: the machine's state owns the registers as long as the machine is not disposed.
    private unsafe uint Register(int number) =>
        ((MachineImage<uint>)machine.Image).State.Cpu->Registers[number];
}
