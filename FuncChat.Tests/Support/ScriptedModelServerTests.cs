using System.Net;
using System.Text;

namespace FuncChat.Tests.Support;

public sealed class ScriptedModelServerTests
{
    [Fact]
    public async Task Server_plays_its_answers_in_order_and_records_the_requests()
    {
        await using var upstream = await ScriptedModelServer.StartAsync();
        upstream.Says("Hel", "lo").Fails(429, """{"error":{"message":"slow down"}}""", ("Retry-After", "2"));
        using var http = new HttpClient();

        var first = await PostAsync(http, upstream, """{"messages":[{"role":"user","content":"hi"}]}""");
        var second = await PostAsync(http, upstream, "{}");
        var third = await PostAsync(http, upstream, "{}");

        Assert.Contains("\"content\":\"Hel\"", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), second.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.BadRequest, third.StatusCode);
        Assert.Equal(3, upstream.Requests.Count);
        Assert.Equal("hi", upstream.Requests[0].LastText());
        Assert.Equal("/v1/chat/completions", upstream.Requests[0].Target);
    }

    [Fact]
    public async Task Server_tells_when_the_client_has_left()
    {
        await using var upstream = await ScriptedModelServer.StartAsync();
        upstream.Answers(answer => answer.Text("a").Stall());
        using var leaving = new CancellationTokenSource();
        using var http = new HttpClient();

        var call = http.PostAsync(new Uri($"{upstream.BaseUrl}/chat/completions"), new StringContent("{}"), leaving.Token);
        var request = await upstream.RequestAsync();
        Assert.False(request.Disconnected.IsCompleted);
        await leaving.CancelAsync();

        await request.Disconnected;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, ScriptedModelServer upstream, string body) => http.PostAsync(
        new Uri($"{upstream.BaseUrl}/chat/completions"), new StringContent(body, Encoding.UTF8, "application/json"));
}
