using System.Text.Json.Nodes;

namespace Culverin.Harness.Tests.Report.Pages;

/// <summary>A page in the browser. For one thread at a time.</summary>
internal sealed class BrowserPage(DevTools tools)
{
    /// <summary>What the browser complained of since the page was opened.</summary>
    internal IEnumerable<string> Complaints => tools.Events
        .Where(message => (string?)message["method"] is
            "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded")
        .Select(message => message.ToJsonString());

    /// <summary>The addresses that were asked for since the page was opened.</summary>
    internal IEnumerable<string> Requests => tools.Events
        .Where(message => (string?)message["method"] == "Network.requestWillBeSent")
        .Select(message => (string)message["params"]!["request"]!["url"]!);

    internal async Task ListenAsync()
    {
        foreach (string domain in new[] { "Page", "Runtime", "Log", "Network" })
        {
            _ = await tools.CallAsync($"{domain}.enable");
        }
    }

    /// <summary>Opens a file in a window of this width, in the light or dark theme.</summary>
    internal async Task ShowAsync(string path, int width, bool isDark)
    {
        _ = await tools.CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width,
            ["height"] = 900,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = false,
        });
        await SetMediaAsync("screen", isDark);
        tools.ForgetEvents();
        _ = await tools.CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(path).AbsoluteUri });
        await tools.WaitForAsync("Page.loadEventFired");
    }

    /// <summary>Shows the page as it is printed.</summary>
    internal Task SetPrintAsync() => SetMediaAsync("print", isDark: false);

    /// <summary>The page as PDF.</summary>
    internal async Task<byte[]> PrintAsync()
    {
        JsonNode printed = await tools.CallAsync("Page.printToPDF");
        return Convert.FromBase64String((string)printed["data"]!);
    }

    /// <summary>The value of an expression in the page.</summary>
    internal async Task<JsonNode?> EvaluateAsync(string expression)
    {
        JsonNode answer = await tools.CallAsync(
            "Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        return answer["exceptionDetails"] is { } error
            ? throw new InvalidOperationException(error.ToJsonString())
            : answer["result"]!["value"];
    }

    private async Task SetMediaAsync(string media, bool isDark) =>
        _ = await tools.CallAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["media"] = media,
            ["features"] = new JsonArray(new JsonObject
            {
                ["name"] = "prefers-color-scheme",
                ["value"] = isDark ? "dark" : "light",
            }),
        });
}
