// A chat in the terminal: dotnet run --project examples/console [-- "a question"]
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

using var http = new HttpClient
{
    BaseAddress = new Uri(Environment.GetEnvironmentVariable("FUNCCHAT_URL") ?? "http://127.0.0.1:7071"),
    Timeout = Timeout.InfiniteTimeSpan,
};
if (Environment.GetEnvironmentVariable("FUNCCHAT_API_KEY") is { } key)
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

var messages = new List<object>();
if (args.Length > 0)
{
    await AnswerAsync(string.Join(' ', args));
    return;
}

Console.Write("> ");
while (Console.ReadLine() is { } question)
{
    await AnswerAsync(question);
    Console.Write("> ");
}

async Task AnswerAsync(string question)
{
    messages.Add(new { role = "user", content = question });

    // The same request with the same turn_id follows the turn, so it can be repeated when the connection is lost.
    var body = new { turn_id = $"turn_{Guid.NewGuid():N}", messages, tools = new[] { "search_web", "scrape_web_content", "execute_javascript" } };
    var lastId = "";
    while (true)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/chat") { Content = JsonContent.Create(body) };
            if (lastId.Length > 0)
                request.Headers.Add("Last-Event-ID", lastId);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (!response.IsSuccessStatusCode)
            {
                Console.WriteLine(await response.Content.ReadAsStringAsync());
                return;
            }

            await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
            {
                lastId = item.EventId ?? lastId;
                if (Show(item.EventType, JsonElement.Parse(item.Data)))
                    return;
            }
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            Console.Error.WriteLine($"\n[{lost.Message} Trying again.]");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }
}

// Returns whether the event ends the turn. Other events are in docs/api.md.
bool Show(string type, JsonElement data)
{
    switch (type)
    {
        case "delta":
            Console.Write(data.GetProperty("content").GetString());
            return false;
        case "tool_call_start":
            Console.WriteLine($"[{data.GetProperty("name").GetString()}]");
            return false;
        case "message_reset":
            Console.WriteLine("\n[The server was restarted and writes this message again.]");
            return false;
        case "complete":
            messages.AddRange(data.GetProperty("messages").EnumerateArray().Cast<object>());
            Console.WriteLine();
            return true;
        case "error":
            Console.WriteLine($"\n{data.GetProperty("error").GetString()}");
            return true;
        default:
            return false;
    }
}
