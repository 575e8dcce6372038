using System.Net;
using System.Text;

namespace FuncChat.Tests.Support;

/// <summary>A client's connection to a turn, read event by event.</summary>
internal sealed class TurnStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private TurnStream(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _reader = new StreamReader(body, Encoding.UTF8);
    }

    public HttpResponseMessage Response => _response;

    public static async Task<TurnStream> PostAsync(HttpClient http, string body, string path = "api/chat")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await SendAsync(http, request);
    }

    public static async Task<TurnStream> FollowAsync(HttpClient http, string turnId, long after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/chat/{turnId}");
        if (after > 0)
            request.Headers.Add("Last-Event-ID", $"{after}");
        return await SendAsync(http, request);
    }

    /// <summary>The next event; null where the stream has ended, or broken off.</summary>
    public async Task<SseEvent?> NextAsync()
    {
        while (await FrameAsync() is { } frame)
        {
            if (SseEvent.Parse(frame) is [var next])
                return next;
        }

        return null;
    }

    public async Task<IReadOnlyList<SseEvent>> ToEndAsync()
    {
        var events = new List<SseEvent>();
        while (await NextAsync() is { } next)
            events.Add(next);
        return events;
    }

    /// <summary>Closes the connection, wherever the stream is.</summary>
    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<TurnStream> SendAsync(HttpClient http, HttpRequestMessage request)
    {
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode != HttpStatusCode.OK)
            Assert.Fail($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return new TurnStream(response, await response.Content.ReadAsStreamAsync());
    }

    private async Task<string?> FrameAsync()
    {
        var frame = new StringBuilder();
        try
        {
            while (await _reader.ReadLineAsync() is { } line)
            {
                frame.Append(line).Append('\n');
                if (line.Length == 0)
                    return frame.ToString();
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The server is gone.
        }

        return null;
    }
}
