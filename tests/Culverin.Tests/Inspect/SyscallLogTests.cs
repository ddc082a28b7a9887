using Culverin.Execute;
using Culverin.Guest;
using Culverin.Inspect;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Inspect;

/// <summary>The log of system calls against steps looked at one by one.</summary>
public sealed class SyscallLogTests
{
    private const uint SyscallWord = 0x0000_000C;

    [Theory]
    [InlineData(EngineKind.Auto)]
    [InlineData(EngineKind.Interpreter)]
    public void EverySystemCallIsSeenOnce(EngineKind engine)
    {
        (List<SyscallRecord> log, _) = Run("callwrite.go119.elf", StateVersion.SingleThreaded2, engine);
        List<(ulong Step, ulong Pc)> expected = [];
        using Machine slow = OwnGuest.CreateMachine("callwrite.go119.elf", StateVersion.SingleThreaded2);
        while (!slow.Exited)
        {
            if (slow.Image.Memory.ReadUInt32(slow.ProgramCounter) == SyscallWord)
            {
                expected.Add((slow.Step, slow.ProgramCounter));
            }

            slow.ExecuteStep();
        }

        Assert.Equal(expected, log.Select(record => (record.Call.Step, record.Call.ProgramCounter)));
        SyscallRecord write = log.Last(record => record.Name == "write");
        Assert.Equal("1, \"written\\n\", 8", write.Arguments);
        Assert.Equal(8UL, write.Result);
        Assert.Equal("exit_group", log[^1].Name);
        Assert.Null(log[^1].Result);
    }

    [Fact]
    public void ThreadsAreTold()
    {
        (List<SyscallRecord> log, _) =
            Run("worker.64.go122.elf", StateVersion.MultiThreaded64V5, EngineKind.Auto);
        Assert.True(log.Select(record => record.Call.Thread).Distinct().Count() > 2);
        Assert.Equal(log.Select(record => record.Call.Step).Order(), log.Select(record => record.Call.Step));
        SyscallRecord clone = log.First(record => record.Name == "clone");
        Assert.Contains(log, record => record.Call.Thread == clone.Result);
        Assert.Contains(log, record => record.Name == "futex");
    }

    [Fact]
    public void ACallThatTheVersionLacksIsTheLast()
    {
        (List<SyscallRecord> log, ulong panicStep) =
            Run("callmkdir.64.go119.elf", StateVersion.MultiThreaded64V5, EngineKind.Auto);
        Assert.Equal(panicStep, log[^1].Call.Step);
        Assert.Equal("mkdirat", log[^1].Name);
        Assert.Null(log[^1].Result);
    }

    private static (List<SyscallRecord> Log, ulong EndStep) Run(
        string elf, StateVersion version, EngineKind engine)
    {
        MachineImage image = Loader.Load(OwnGuest.Read(elf), version);
        List<SyscallRecord> records = [];
        var log = new SyscallLog(image.Features, records.Add) { Memory = image.Memory };
        using Machine machine =
            Machine.Create(image, new MachineOptions { Engine = engine, Syscalls = log });
        try
        {
            machine.Run(new RunLimits());
            Assert.True(machine.Exited);
        }
        catch (GuestPanicException)
        {
        }

        log.Flush();
        return (records, machine.Step);
    }
}
