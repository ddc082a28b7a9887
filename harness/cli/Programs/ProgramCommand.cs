using System.CommandLine;
using System.Globalization;
using Culverin.Harness.Cli.Demo.Steps;
using Culverin.Harness.Host;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Harness.Cli.Programs;

/// <summary>The verb <c>program</c>: runs the programs of harness/guest in the virtual machine.</summary>
internal static class ProgramCommand
{
    private static readonly Argument<string[]> Files = new("file")
    {
        Description = "blocks as JSON: parent_header, executing_payload, rollup_config, "
            + "expected_block_hash, preimages",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<byte> Version = new("--state-version")
    {
        HelpName = "NUMBER",
        Description = "state version of the machine: "
            + string.Join(" or ", BlockProgram.Versions.Select(each => Text((byte)each))),
        Required = true,
    };

    private static readonly Option<string?> L1 = new("--l1")
    {
        HelpName = "URL",
        Description = "the L1 node that answers precompiled contracts "
            + "(default: a local one, started when needed)",
    };

    private static readonly Option<bool> IsJson = new("--json")
    {
        Description = "report as JSON on standard output, a line for each block or claim",
    };

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        Version.Validators.Add(result =>
        {
            if (!BlockProgram.Versions.Contains((StateVersion)result.GetValueOrDefault<byte>()))
            {
                result.AddError(Version.Description + ".");
            }
        });
        L1.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IsHttp(text))
            {
                result.AddError($"'{text}' is no address of an HTTP server (--l1).");
            }
        });
        Command block = new(
            "block",
            "Executes L2 blocks in the virtual machine and compares their hashes. Exit codes: 0 all are "
            + "right, 1 one is wrong or unknown, or a file or node failed, 2 for wrong flags, 130 when "
            + "interrupted.")
        {
            Files, Version, L1, IsJson,
        };
        block.SetAction(RunAsync);
        return new Command("program", "Runs the programs of harness/guest in the virtual machine.")
        {
            block, FaultProofCommand.Create(Version, IsJson),
        };
    }

    private static async Task<int> RunAsync(ParseResult flags, CancellationToken cancellation)
    {
        StateVersion version = (StateVersion)flags.GetValue(Version);
        await using LazyNode node = new(flags.GetValue(L1) is { } address ? new Uri(address) : null);
        PrecompileAnswers precompiles = new(node.GetAsync);
        Dictionary<string, int> counts = new() { ["right"] = 0, ["wrong"] = 0, ["unknown"] = 0 };
        foreach (string path in flags.GetValue(Files)!)
        {
            BlockFile file = BlockFile.Read(path);
            ProgramOutcome run = Execute(file, version, precompiles, cancellation);
            counts[run.Verdict]++;
            if (flags.GetValue(IsJson))
            {
                WriteJson(path, file, version, run);
            }
            else
            {
                WriteText(path, file, run);
            }
        }

        if (!flags.GetValue(IsJson))
        {
            string unknown = counts["unknown"] > 0 ? $", {Text(counts["unknown"])} unknown" : "";
            Console.WriteLine($"{Text(counts["right"])} right, {Text(counts["wrong"])} wrong{unknown}");
        }

        return counts["wrong"] + counts["unknown"] == 0 ? ExitCodes.Success : ExitCodes.Error;
    }

    private static ProgramOutcome Execute(
        BlockFile file, StateVersion version, PrecompileAnswers precompiles, CancellationToken cancellation)
    {
        using BlockOracle oracle = new(file, precompiles);
        GuestOutput output = new();
        using IEngineMachine machine = BlockProgram.Load(
            version, CheckedSource.Connect(oracle) with { Output = output });
        return ProgramOutcome.Run(machine, output, cancellation);
    }

    private static void WriteText(string path, BlockFile file, ProgramOutcome run)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: block {file.Number} {run.Verdict}, {run.Steps:N0} steps, "
            + $"{run.Time.TotalSeconds:0.00} s, {run.Pages / 256.0:0.0} MiB"));
        Console.WriteLine("  " + run.Output.ReplaceLineEndings("\n  "));
    }

    private static void WriteJson(string path, BlockFile file, StateVersion version, ProgramOutcome run) =>
        JsonLine.Write(Console.Out, new BlockLine(
            path,
            file.Number,
            file.ExpectedHash.ToString(),
            (byte)version,
            run.Verdict,
            run.ExitCode,
            run.Steps,
            run.Time.TotalSeconds,
            run.Pages,
            run.Output));

    /// <summary>Whether a text is the address of an HTTP server.</summary>
    internal static bool IsHttp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is ("http" or "https");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
