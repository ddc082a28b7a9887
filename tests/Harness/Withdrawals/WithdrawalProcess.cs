using System.Diagnostics;
using System.Text.Json;
using Culverin.Harness.Local;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Values;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>Runs <c>culverin-harness withdrawals</c> as a process.</summary>
internal static class WithdrawalProcess
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "culverin-harness.dll");

    /// <summary>A file with the helper's key, as the arena makes it from the name.</summary>
    internal static string KeyFile(TemporaryFolder folder)
    {
        string path = Path.Combine(folder.Path, "key");
        File.WriteAllText(path, Bytes32.Keccak256("culverin arena helper"u8) + "\n");
        return path;
    }

    /// <summary>Its lines, each a JSON object.</summary>
    internal static IReadOnlyList<JsonElement> Lines(string output) =>
    [
        .. output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(line)),
    ];

    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        WithdrawalWorld world, string[] flags)
    {
        List<string> arguments =
        [
            Program, "withdrawals", .. flags, "--json", "--portal", world.Portal.Address.ToString(),
            "--l1", world.Arena.L1.Endpoint.ToString(), "--l2", world.Arena.L2.Endpoint.ToString(),
        ];
        ProcessStartInfo start = new("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[NodePackages.FolderVariable] =
            Path.Combine(Repository.Folder, "harness", "contracts", "node_modules");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
