using System.Diagnostics;
using System.Globalization;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Local;

public sealed class AnvilTests
{
    [Fact]
    public async Task Nodes_start_side_by_side_and_leave_no_process()
    {
        AnvilOptions options = new() { ChainId = 5, AccountCount = 2 };
        Anvil first = await Anvil.StartAsync(Repository.Packages, options);
        Anvil second = await Anvil.StartAsync(Repository.Packages);
        Assert.NotEqual(first.Endpoint.Port, second.Endpoint.Port);
        Assert.NotEqual(first.ProcessId, second.ProcessId);
        Assert.Equal(5ul, await first.Node.GetChainIdAsync());
        Assert.Equal(2, (await first.Node.GetAccountsAsync()).Count);
        Assert.True(IsAnvil(first.ProcessId) && IsAnvil(second.ProcessId));
        await first.DisposeAsync();
        await first.DisposeAsync();
        Assert.False(IsAnvil(first.ProcessId));
        Assert.True(IsAnvil(second.ProcessId));
        await second.DisposeAsync();
        Assert.False(IsAnvil(second.ProcessId));
        using JsonRpcClient late = new(first.Endpoint, new JsonRpcOptions { ConnectionRetryCount = 0 });
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => late.CallAsync(JsonRpcRequest.Create("eth_chainId")));
        Assert.Equal(ChainFailure.Unreachable, error.Failure);
    }

    [Fact]
    public async Task A_host_that_is_killed_leaves_no_node()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // In place of the host: a process that holds the pipe to the node's supervisor and dies without
        // warning.
        const string Pipeline =
            """/bin/sh -c 'echo "holder $$" >&2; exec sleep 600' | /bin/sh -c "$0" "$@" """;
        string[] arguments =
            ["-c", Pipeline, NodeProcess.Supervisor, Repository.Packages.Executable("anvil"), "--port", "0"];
        ProcessStartInfo start = new("/bin/sh", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process pipeline = Process.Start(start)!;
        int holder = await NumberInAsync(pipeline.StandardError, "holder ");
        int node = await NumberInAsync(pipeline.StandardOutput, "supervised process ");
        _ = await NumberInAsync(pipeline.StandardOutput, "Listening on 127.0.0.1:");
        Assert.True(IsAnvil(node));
        using (Process held = Process.GetProcessById(holder))
        {
            held.Kill();
        }

        await pipeline.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(IsAnvil(node));
    }

    [Fact]
    public async Task A_node_that_cannot_start_is_a_typed_error_with_its_words()
    {
        AnvilOptions options = new() { AccountCount = -1 };
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => Anvil.StartAsync(Repository.Packages, options));
        Assert.Equal(ChainFailure.NodeStart, error.Failure);
        Assert.Contains("unexpected argument", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_in_time_is_stopped()
    {
        AnvilOptions options = new() { StartDeadline = TimeSpan.FromMilliseconds(1) };
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => Anvil.StartAsync(Repository.Packages, options));
        Assert.Equal(ChainFailure.NodeStart, error.Failure);
    }

    [Fact]
    public void Missing_packages_are_named()
    {
        NodePackages empty = new(Path.Combine(Repository.Folder, "tests"));
        ChainException error = Assert.Throws<ChainException>(() => empty.Executable("no-such-tool"));
        Assert.Contains("npm ci", error.Message, StringComparison.Ordinal);
        Assert.Throws<ChainException>(() => empty.ContractArtifacts);
    }

    private static async Task<int> NumberInAsync(StreamReader reader, string mark)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(mark, StringComparison.Ordinal))
            {
                return int.Parse(line.AsSpan(mark.Length), CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidDataException($"No line starts with '{mark}'.");
    }

    private static bool IsAnvil(int processId) =>
        File.Exists($"/proc/{processId}/cmdline")
        && File.ReadAllText($"/proc/{processId}/cmdline").Contains("anvil", StringComparison.Ordinal);
}
