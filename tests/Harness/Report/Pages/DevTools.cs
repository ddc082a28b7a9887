using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Culverin.Harness.Tests.Report.Pages;

/// <summary>
/// The browser's debugging protocol: a call at a time, and the events that came meanwhile.
/// </summary>
/// <param name="socket">The connection, which stays the caller's.</param>
/// <param name="session">The page's session; null for the browser itself.</param>
internal sealed class DevTools(ClientWebSocket socket, string? session)
{
    private const int BlockBytes = 1 << 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static int _lastNumber;

    private readonly List<JsonNode> _events = [];

    /// <summary>All events of the session until now.</summary>
    internal IReadOnlyList<JsonNode> Events => _events;

    internal async Task<JsonNode> CallAsync(string method, JsonObject? parameters = null)
    {
        int number = Interlocked.Increment(ref _lastNumber);
        JsonObject request =
            new() { ["id"] = number, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null)
        {
            request["sessionId"] = session;
        }

        using CancellationTokenSource deadline = new(Patience);
        await socket.SendAsync(
            Encoding.UTF8.GetBytes(request.ToJsonString()),
            WebSocketMessageType.Text,
            endOfMessage: true,
            deadline.Token);
        while (true)
        {
            JsonNode message = await ReceiveAsync(deadline.Token);
            if ((int?)message["id"] == number)
            {
                return message["result"] ?? throw new InvalidOperationException(message.ToJsonString());
            }

            Keep(message);
        }
    }

    internal async Task WaitForAsync(string method)
    {
        using CancellationTokenSource deadline = new(Patience);
        while (!_events.Exists(message => (string?)message["method"] == method))
        {
            Keep(await ReceiveAsync(deadline.Token));
        }
    }

    internal void ForgetEvents() => _events.Clear();

    private void Keep(JsonNode message)
    {
        if ((string?)message["sessionId"] == session)
        {
            _events.Add(message);
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellation)
    {
        using MemoryStream message = new();
        byte[] block = new byte[BlockBytes];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(block, cancellation);
            message.Write(block, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(message.ToArray())!;
    }
}
