using System.Diagnostics;
using System.Text.Json;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Tests.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>The verbs of <c>culverin-harness games</c>, as processes.</summary>
public sealed class PlayerCommandTests(DerivedPlayerFixture fixture, ITestOutputHelper output)
    : IClassFixture<DerivedPlayerFixture>
{
    private const ulong LastBlock = 6;
    private const int KillCount = 8;
    private const int ProgramDepth = 32;
    private const int LifeMillisecondsMax = 900;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "culverin-harness.dll");

    [L2NodeFact]
    public async Task Games_are_listed_shown_and_played_by_commands()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        await PostBlocksAsync(world);
        using TemporaryFolder folder = new();
        GameClient right = await world.ProposeAsync(await OutputAsync(world));
        GameClient forged = await world.ProposeAsync(PlayerWorld.Forgery);
        JsonElement[] list = Lines(await RunAsync(world, ["list"]));
        Assert.Equal(["Valid", "Invalid"], list.Select(Validity));
        Assert.Equal(forged.Contract.Address.ToString(), list[1].GetProperty("game").GetString());
        Assert.Equal(
            $"{world.Arena.Options.InitialBond}", list[1].GetProperty("bondsWei").GetString());
        string[] play = ["play", "--once", "--key-file", KeyFile(folder)];
        JsonElement[] dry = Lines(await RunAsync(world, [.. play, "--dry-run"]));
        JsonElement intent = Record(dry, forged).GetProperty("intents")[0];
        Assert.Equal("attack", intent.GetProperty("move").GetString());
        Assert.True(intent.GetProperty("gas").GetUInt64() > 0);
        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
        JsonElement[] played = Lines(await RunAsync(world, play));
        Assert.Equal(1, Record(played, forged).GetProperty("deeds").GetArrayLength());
        Assert.Equal(0, Record(played, right).GetProperty("deeds").GetArrayLength());
        string game = forged.Contract.Address.ToString();
        JsonElement tree = Lines(await RunAsync(world, ["show", game])).Single().GetProperty("tree");
        Assert.Equal("DefenderWins", list[1].GetProperty("forecast").GetString());
        Assert.Equal("Valid", Validity(tree[1]));
        Assert.Equal(1, tree[1].GetProperty("depth").GetInt32());
        (int exitCode, string text, string error) =
            await RunAsync(world, ["show", game], isJson: false);
        Assert.True(exitCode == 0, error);
        Assert.Contains("  attack 1 at 1/0", text, StringComparison.Ordinal);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.MaxClockSeconds);
        _ = Lines(await RunAsync(world, [.. play, "--game", game]));
        Assert.Equal(GameStatus.ChallengerWins, (await forged.ReadAsync()).Status);
        Assert.Equal(GameStatus.InProgress, (await right.ReadAsync()).Status);
    }

    [L2NodeFact]
    public async Task Killed_at_random_times_and_started_again_it_wins_without_a_double_move()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        await PostBlocksAsync(world);
        using TemporaryFolder folder = new();
        GameClient forged = await world.ProposeAsync(PlayerWorld.Forgery);
        string[] flags = ["play", "--key-file", KeyFile(folder), "--pause", "0.05"];
        for (int number = 0; number < KillCount; number++)
        {
            using Process player = await StartAsync(world, flags, isJson: true);
            _ = player.StandardOutput.ReadToEndAsync();
            _ = player.StandardError.ReadToEndAsync();
            await Task.Delay(random.Next(LifeMillisecondsMax));
            player.Kill();
            await player.WaitForExitAsync();
            await world.ContradictAsync(forged);
        }

        for (int round = 0; round < PlayerFixture.MaxDepth; round++)
        {
            _ = Lines(await RunAsync(world, [.. flags, "--once"]));
            await world.ContradictAsync(forged);
        }

        await world.Arena.L1.AdvanceAsync(world.Arena.Options.MaxClockSeconds);
        _ = Lines(await RunAsync(world, [.. flags, "--once"]));
        Game end = await forged.ReadAsync();
        Assert.Equal(GameStatus.ChallengerWins, end.Status);
        PlayerWorld.AssertNoDouble(end);
        Assert.Contains(end.Claims, claim => claim.Position.Depth == PlayerFixture.MaxDepth);
    }

    [L2NodeFact]
    public async Task A_node_that_derives_the_L2_says_what_is_right_and_the_program_executes_it()
    {
        const StateVersion Version = StateVersion.SingleThreaded;
        await using ClassicArena arena = await ClassicArena.StartAsync(
            Repository.Packages,
            ArenaChains.Usual with
            {
                MaxGameDepth = ProgramDepth,
                AbsolutePrestate = Harness.Host.FaultProofProgram.PrestateHash(Version),
            });
        DerivedL2 l2 = (DerivedL2)arena.L2;
        await l2.MineAsync((int)LastBlock);
        await l2.PostAsync(arena.Accounts.Batcher, PlayerWorld.ClaimedBlock);
        PlayerWorld world = new(arena);
        GameClient right = await world.ProposeAsync(await OutputAsync(world));
        GameClient forged = await world.ProposeAsync(PlayerWorld.Forgery);
        string node = (await l2.VerifierAsync()).Endpoint.ToString();
        using TemporaryFolder folder = new();
        string[] flags =
        [
            "--key-file", KeyFile(folder), "--machine", "mips", "--data", folder.Path,
            "--l2", node, "--rollup-node", node,
            "--prestate", Harness.Host.FaultProofProgram.WritePrestate(Version, folder.Path),
        ];
        Assert.Equal(
            ["Valid", "Invalid"], Lines(await RunAsync(world, ["list", .. flags])).Select(Validity));
        for (int round = 0; round < 3; round++)
        {
            JsonElement[] lines = Lines(await RunAsync(world, ["play", "--once", .. flags]));
            JsonElement record = Record(lines, forged);
            Assert.True(record.GetProperty("deeds").GetArrayLength() == 1, record.GetRawText());
            Assert.Equal(0, Record(lines, right).GetProperty("deeds").GetArrayLength());
            await world.ContradictAsync(forged);
            _ = await l2.VerifierAsync();
        }

        Game state = await forged.ReadAsync();
        Claim execution = state.Claims.First(claim => !state.IsOutput(claim));
        Assert.Equal(world.Challenger.Address, execution.Claimant);
        Assert.Equal(1, execution.Value.FirstByte);
    }

    [L2NodeFact]
    public async Task Wrong_flags_are_told_in_a_sentence()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        using TemporaryFolder folder = new();
        string nobody = default(Address).ToString();
        string garbage = Path.Combine(folder.Path, "garbage");
        await File.WriteAllTextAsync(garbage, "{\"l2_chain_id\":\"x\"}");
        (string[] Flags, int ExitCode)[] wrong =
        [
            (["show"], 2), (["show", "0x12"], 1), (["show", nobody], 1), (["play", "--once"], 1),
            (["play", "--parallel", "many"], 2), (["list", "--rollup", garbage], 1),
            (["list", "--rollup", "/nowhere"], 1), (["list", "--agree", "3"], 1),
            (["play", "--once", "--from", nobody, "--machine", "mips"], 1),
            (["play", "--once", "--from", nobody, "--game", nobody], 1),
            (["play", "--once", "--from", nobody, "--l1-chain-id", "1"], 1),
        ];
        foreach ((string[] flags, int expected) in wrong)
        {
            (int exitCode, string text, string error) = await RunAsync(world, flags);
            Assert.True(exitCode == expected, $"{string.Join(' ', flags)}: {exitCode} {text} {error}");
            bool isTold = error.StartsWith("culverin-harness: ", StringComparison.Ordinal)
                || Lines((0, text, error)).Any(line => line.GetProperty("failure").GetString() is not null);
            Assert.True(isTold, error);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }
    }

    [L2NodeTheory]
    [InlineData("429")]
    [InlineData("null")]
    [InlineData("garbage")]
    [InlineData("drop")]
    public async Task A_node_of_the_L2_that_fails_gives_exit_code_1(string fault)
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        await PostBlocksAsync(world);
        using TemporaryFolder folder = new();
        GameClient forged = await world.ProposeAsync(PlayerWorld.Forgery);
        using ScriptedServer server = new((body, stream) => fault switch
        {
            "429" => ScriptedServer.WriteAsync(
                stream, "{}", "429 Too Many Requests\r\nRetry-After: 0"),
            "null" => ScriptedServer.WriteAsync(stream, Nothing(body)),
            "garbage" => ScriptedServer.WriteAsync(stream, "<html>"),
            _ => Task.CompletedTask,
        });
        string[] play = ["play", "--once", "--key-file", KeyFile(folder)];
        foreach (string[] verb in new[] { play, ["list"], ["show", forged.Contract.Address.ToString()] })
        {
            string[] flags = [.. verb, "--l2", server.Endpoint.ToString()];
            (int exitCode, string text, string error) = await RunAsync(world, flags);
            Assert.True(exitCode == 1, $"{exitCode}: {text}{error}");
            Assert.Contains("Unknown", text, StringComparison.Ordinal);
        }

        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
        Assert.Equal(0, (await RunAsync(world, ["list"])).ExitCode);
    }

    [L2NodeFact]
    public async Task The_limit_of_fees_is_a_flag_and_told_when_it_stops_a_move()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        await PostBlocksAsync(world);
        using TemporaryFolder folder = new();
        _ = await world.ProposeAsync(PlayerWorld.Forgery);
        string[] play = ["play", "--once", "--key-file", KeyFile(folder), "--max-fee"];
        (int exitCode, string text, string error) =
            await RunAsync(world, [.. play, "0.000000001"]);
        Assert.Contains("above the limit", text, StringComparison.Ordinal);
        Assert.DoesNotContain("waits for money", text, StringComparison.Ordinal);
        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
        foreach (string wrong in new[] { "0", "-1", "1000000001", "many" })
        {
            (exitCode, text, error) = await RunAsync(world, [.. play, wrong]);
            Assert.True(exitCode is 1 or 2, $"{wrong}: {exitCode} {text}");
            Assert.StartsWith("culverin-harness: ", error, StringComparison.Ordinal);
        }

        _ = Lines(await RunAsync(world, [.. play, "100.5"]));
        Assert.Equal(1ul, await world.CountAsync(world.Challenger));
    }

    // Every question of a request is answered by null.
    private static string Nothing(string body)
    {
        using JsonDocument question = JsonDocument.Parse(body);
        JsonElement root = question.RootElement;
        bool isBatch = root.ValueKind == JsonValueKind.Array;
        string[] answers =
        [
            .. (isBatch ? root.EnumerateArray() : Enumerable.Repeat(root, 1)).Select(each =>
                $$"""{"jsonrpc":"2.0","id":{{each.GetProperty("id").GetRawText()}},"result":null}"""),
        ];
        return isBatch ? $"[{string.Join(',', answers)}]" : answers[0];
    }

    private static async Task PostBlocksAsync(PlayerWorld world)
    {
        DerivedL2 l2 = (DerivedL2)world.Arena.L2;
        await l2.MineAsync((int)LastBlock);
        await l2.PostAsync(world.Arena.Accounts.Batcher, PlayerWorld.ClaimedBlock);
    }

    private static async Task<Bytes32> OutputAsync(PlayerWorld world) =>
        (await OutputRoot.ReadAsync(world.Arena.L2.Node, PlayerWorld.ClaimedBlock)).Hash;

    // The challenger's key, as the arena makes it from the name.
    private static string KeyFile(TemporaryFolder folder)
    {
        string path = Path.Combine(folder.Path, "key");
        File.WriteAllText(path, Bytes32.Keccak256("culverin arena challenger"u8) + "\n");
        return path;
    }

    private static string? Validity(JsonElement line) =>
        line.GetProperty("judgement").GetProperty("validity").GetString();

    private static JsonElement Record(JsonElement[] lines, GameClient game) => lines.Single(line =>
        line.GetProperty("event").GetString() == "game"
        && line.GetProperty("game").GetString() == game.Contract.Address.ToString());

    private static JsonElement[] Lines((int ExitCode, string Output, string Error) run)
    {
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        return
        [
            .. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            {
                using JsonDocument json = JsonDocument.Parse(line);
                return json.RootElement.Clone();
            }),
        ];
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        PlayerWorld world, string[] flags, bool isJson = true)
    {
        using Process process = await StartAsync(world, flags, isJson);
        Task<string> text = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await text, await error);
    }

    private static async Task<Process> StartAsync(PlayerWorld world, string[] flags, bool isJson)
    {
        DerivedL2 l2 = (DerivedL2)world.Arena.L2;
        string node = (await l2.VerifierAsync()).Endpoint.ToString();
        List<string> arguments =
        [
            Program, "games", .. flags, "--factory", world.Arena.Contracts.Factory.Address.ToString(),
            "--l1", world.Arena.L1.Endpoint.ToString(),
        ];
        AddUnlessNamed(arguments, "--l2", node);
        AddUnlessNamed(arguments, "--rollup-node", node);
        AddUnlessNamed(arguments, "--rollup", l2.RollupPath);
        AddUnlessNamed(arguments, "--machine", "alphabet");
        if (isJson)
        {
            arguments.Add("--json");
        }

        ProcessStartInfo start = new("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[NodePackages.FolderVariable] =
            Path.Combine(Repository.Folder, "harness", "contracts", "node_modules");
        return Process.Start(start)!;
    }

    private static void AddUnlessNamed(List<string> arguments, string flag, string value)
    {
        if (!arguments.Contains(flag))
        {
            arguments.AddRange([flag, value]);
        }
    }
}
