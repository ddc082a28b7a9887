using System.CommandLine;
using System.Globalization;
using Culverin.Harness.Host;
using Culverin.Harness.Values;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Harness.Cli.Programs;

/// <summary>
/// The verb <c>prestate</c>: the first state of the fault-proof program, which a game's absolutePrestate is.
/// </summary>
internal static class PrestateCommand
{
    private static readonly Option<string?> Rollup = new("--rollup-config")
    {
        HelpName = "FILE",
        Description = "the L2's rollup.json; without it the program has the chains that it knows",
    };

    private static readonly Option<string?> L1 = new("--l1-config")
    {
        HelpName = "FILE",
        Description = "the genesis.json of the L2's L1, or its part config; needed for all L1s but Ethereum "
            + "and Sepolia",
    };

    private static readonly Option<byte> Version = new("--version")
    {
        HelpName = "NUMBER",
        Description = "state version of the machine: "
            + string.Join(" or ", FaultProofProgram.Versions.Select(each => Text((byte)each)))
            + " (default: 8)",
        DefaultValueFactory = _ => (byte)StateVersion.MultiThreaded64V5,
    };

    private static readonly Option<string?> Output = new("--output")
    {
        HelpName = "FILE",
        Description = "where the state file goes, such as prestate.bin.gz; without it there is none",
    };

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        Version.Validators.Add(result =>
        {
            if (!FaultProofProgram.Versions.Contains((StateVersion)result.GetValueOrDefault<byte>()))
            {
                result.AddError(Version.Description + ".");
            }
        });
        Command command = new(
            "prestate",
            "Writes the configuration of an L2 into the fault-proof program and prints the hash of its first "
            + "state, the absolutePrestate of games about that L2. Exit codes: 0, 1 when a file cannot be "
            + "read or written or the program cannot follow that L2, 2 for wrong flags.")
        {
            Rollup, L1, Version, Output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(L1) is not null && result.GetValue(Rollup) is null)
            {
                result.AddError("--l1-config goes with --rollup-config.");
            }
        });
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult flags)
    {
        StateVersion version = (StateVersion)flags.GetValue(Version);
        ProgramConfiguration? configuration = flags.GetValue(Rollup) is { } path
            ? ProgramConfiguration.Read(path, flags.GetValue(L1))
            : null;
        configuration?.Check(version);
        using IEngineMachine machine = configuration is null
            ? FaultProofProgram.Load(version, MachineOptions.Default)
            : configuration.Load(version, MachineOptions.Default);
        if (flags.GetValue(Output) is { } output)
        {
            machine.Save(output);
        }

        Console.WriteLine(new Bytes32(machine.StateHash()));
        return ExitCodes.Success;
    }

    private static string Text(byte number) => number.ToString(CultureInfo.InvariantCulture);
}
