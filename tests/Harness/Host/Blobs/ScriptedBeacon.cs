using System.Net.Sockets;
using System.Text;
using Culverin.Harness.Tests.Rpc.Transport;

namespace Culverin.Harness.Tests.Host.Blobs;

/// <summary>A loopback beacon node whose answers a test writes: a status and a body for each path.</summary>
internal sealed class ScriptedBeacon(Func<string, (string Status, string Body)> script) : LoopbackServer
{
    internal const string Missing = "404 Not Found";
    internal const string Gone = "410 Gone";

    private protected override async Task AnswerAsync(NetworkStream stream, CancellationToken stop)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync(stop) ?? "").Split(' ')[1];
        while (!string.IsNullOrEmpty(await reader.ReadLineAsync(stop)))
        {
            // Of the request's other lines nothing matters.
        }

        (string status, string body) = script(path);
        await WriteAsync(stream, body, status);
    }
}
