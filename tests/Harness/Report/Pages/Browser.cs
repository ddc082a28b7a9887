using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Culverin.Tests.Shared;

namespace Culverin.Harness.Tests.Report.Pages;

/// <summary>
/// A Chromium without a window, with an empty profile of its own, driven by its debugging port.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // What it would otherwise fetch by itself, and a sandbox that an administrator's processes cannot have.
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0",
    ];

    // The oldest with today's --headless. Some distributions have a script of the second name that only tells
    // how to install a browser.
    private static readonly HostTool Found = HostTool.Search(
        new ToolNeed(["chromium", "chromium-browser", "google-chrome"], new Version(112, 0), ["--version"]),
        HostTool.Folders);

    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket;

    private Browser(Process process, DirectoryInfo profile, ClientWebSocket socket)
    {
        _process = process;
        _profile = profile;
        _socket = socket;
    }

    /// <summary>The executable; null when none can be used.</summary>
    internal static string? Program => Found.FilePath;

    /// <summary>Why none can be used.</summary>
    internal static string Fault => Found.Fault;

    internal static async Task<Browser> StartAsync()
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("culverin-browser-");
        ProcessStartInfo start =
            new(Program!, [.. Flags, $"--user-data-dir={profile.FullName}", "about:blank"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
        Process process = Process.Start(start)!;
        ClientWebSocket socket = new();
        try
        {
            using CancellationTokenSource deadline = new(Patience);
            Uri endpoint = await ReadEndpointAsync(process, deadline.Token);
            await socket.ConnectAsync(endpoint, deadline.Token);
            return new Browser(process, profile, socket);
        }
        catch
        {
            socket.Dispose();
            await EndAsync(process, profile);
            throw;
        }
    }

    /// <summary>Opens an empty page; one at a time.</summary>
    internal async Task<BrowserPage> OpenAsync()
    {
        DevTools tools = new(_socket, null);
        JsonNode target = await tools.CallAsync(
            "Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        JsonNode attached = await tools.CallAsync(
            "Target.attachToTarget",
            new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true });
        BrowserPage page = new(new DevTools(_socket, (string)attached["sessionId"]!));
        await page.ListenAsync();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await EndAsync(_process, _profile);
    }

    private static async Task<Uri> ReadEndpointAsync(Process process, CancellationToken cancellation)
    {
        while (await process.StandardError.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new Uri(line[Announcement.Length..]);
            }
        }

        throw new InvalidOperationException("The browser ended before it could be reached.");
    }

    private static async Task EndAsync(Process process, DirectoryInfo profile)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        try
        {
            profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // One of its processes was still writing: the system's own folder is emptied by the system.
        }
    }
}
