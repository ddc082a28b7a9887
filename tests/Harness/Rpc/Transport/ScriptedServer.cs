using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Culverin.Harness.Tests.Rpc.Transport;

/// <summary>
/// A loopback HTTP server that answers each request by a script: it gets the request's body and the raw
/// connection, and may do anything with them. Counts the requests it saw.
/// </summary>
internal sealed class ScriptedServer(Func<string, NetworkStream, Task> script) : LoopbackServer
{
    private int _requestCount;

    internal int RequestCount => Volatile.Read(ref _requestCount);

    /// <summary>A server that answers every request with this status and body.</summary>
    internal static ScriptedServer Answering(string body, string status = "200 OK") =>
        new((_, stream) => WriteAsync(stream, body, status));

    /// <summary>A server whose answers go on until the reader hangs up.</summary>
    internal static ScriptedServer Endless() => new(async (_, stream) =>
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray());
        byte[] block = new byte[1 << 16];
        Array.Fill(block, (byte)' ');
        while (true)
        {
            await stream.WriteAsync(block);
        }
    });

    private protected override async Task AnswerAsync(NetworkStream stream, CancellationToken stop)
    {
        string body = await ReadBodyAsync(stream, stop);
        Interlocked.Increment(ref _requestCount);
        await script(body, stream);
    }

    private static async Task<string> ReadBodyAsync(NetworkStream stream, CancellationToken stop)
    {
        byte[] buffer = new byte[1 << 20];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), stop);
            if (read == 0)
            {
                throw new IOException("The client closed before its request was complete.");
            }

            length += read;
            string text = Encoding.UTF8.GetString(buffer, 0, length);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            int mark = text.IndexOf("Content-Length: ", StringComparison.Ordinal);
            if (end >= 0 && mark >= 0)
            {
                int lineEnd = text.IndexOf('\r', mark);
                ReadOnlySpan<char> digits = text.AsSpan(mark + 16, lineEnd - mark - 16);
                int size = int.Parse(digits, CultureInfo.InvariantCulture);
                if (length >= end + 4 + size)
                {
                    return text[(end + 4)..];
                }
            }
        }
    }
}
