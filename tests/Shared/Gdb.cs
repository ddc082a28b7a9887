using System.Diagnostics;

namespace Culverin.Tests.Shared;

/// <summary>
/// GDB for machines of all kinds, as an independent judge; Debian's package is gdb-multiarch.
/// </summary>
public static class Gdb
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(3);

    private static readonly HostTool Found = HostTool.Search(
        new ToolNeed(
            ["gdb-multiarch"],
            new Version(12, 0),
            ["-nx", "-batch", "-ex", "show version"],
            ["-nx", "-batch", "-ex", "set architecture mips:isa64r2"]),
        HostTool.Folders);

    /// <summary>Why tests with it do not run; null where they do.</summary>
    public static string? Missing => Found.FilePath is null
        ? $"There is no usable gdb-multiarch ({Found.Fault}): nothing was compared with it."
        : null;

    /// <summary>Runs a script to its end.</summary>
    /// <param name="program">The ELF file whose symbols it reads.</param>
    /// <param name="script">The file with its commands.</param>
    /// <returns>What it printed, errors too.</returns>
    public static string Run(string program, string script)
    {
        var start = new ProcessStartInfo(Found.FilePath!, ["-nx", "-batch", "-x", script, program])
        {
            WorkingDirectory = Path.GetDirectoryName(script)!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errorOutput = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeMax))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"gdb does not end. It said: {output.Result}");
        }

        return output.Result + errorOutput.Result;
    }
}
