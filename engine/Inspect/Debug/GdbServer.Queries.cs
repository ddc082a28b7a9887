using System.Globalization;
using System.Text;

namespace Culverin.Inspect.Debug;

/// <content>What gdb asks: what can be done here, which threads there are, and "monitor" commands.</content>
internal sealed partial class GdbServer
{
    private string Query(string packet)
    {
        string name = packet.Split(':', ',')[0];
        return name switch
        {
            "qSupported" => $"PacketSize={GdbConnection.PacketMaxBytes:x};QStartNoAckMode+;"
                + "qXfer:features:read+;ReverseStep+;ReverseContinue+;swbreak+;hwbreak+;vContSupported+",
            "qXfer" => Transfer(packet),
            "qAttached" => "1",
            "qC" => $"QC{ThreadView.ActiveIdOf(_session.Machine.Image) + FirstThread:x}",
            "qfThreadInfo" => "m" + string.Join(',', ThreadView.AllOf(_session.Machine.Image)
                .Select(thread => (thread.Id + FirstThread).ToString("x", CultureInfo.InvariantCulture))),
            "qsThreadInfo" => "l",
            "qThreadExtraInfo" => TryThread(packet[(name.Length + 1)..], out ulong? thread)
                && Find(thread) is { } found
                    ? ToHex(_monitor.DescribeThread(found))
                    : Wrong,
            "qSymbol" => Done,
            "qRcmd" => Command(packet),
            _ => "",
        };
    }

    private string Transfer(string packet)
    {
        string[] parts = packet.Split(':', ',');
        if (parts.Length != 6 || parts[1] != "features" || parts[3] != "target.xml")
        {
            return "";
        }

        string whole = _registers.Describe();
        if (!TryHex(parts[4], out ulong offset) || !TryHex(parts[5], out ulong count)
            || offset > (ulong)whole.Length)
        {
            return Wrong;
        }

        int length = (int)Math.Min(count, (ulong)whole.Length - offset);
        bool isLast = offset + (ulong)length == (ulong)whole.Length;
        return string.Concat(isLast ? "l" : "m", whole.AsSpan((int)offset, length));
    }

    private string Command(string packet)
    {
        string hex = packet["qRcmd,".Length..];
        if (hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit))
        {
            return Wrong;
        }

        _registers.Forget();
        using var running = CancellationTokenSource.CreateLinkedTokenSource(_ending);
        _connection.SetRunning(running);
        try
        {
            string command = Encoding.UTF8.GetString(Convert.FromHexString(hex));
            string said = _monitor.Execute(command, running.Token);
            foreach (char[] part in said.Chunk(GdbConnection.PacketMaxBytes / 8))
            {
                _connection.Send("O" + ToHex(new string(part)));
            }
        }
        catch (CulverinException error)
        {
            _connection.Send("O" + ToHex(error.Message + "\n"));
        }
        finally
        {
            _connection.SetRunning(null);
        }

        return Done;
    }
}
