using FuncChat.Http;
using FuncChat.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Moq;

namespace FuncChat.Host.Tests.Http;

public sealed class HealthTests
{
    private readonly Mock<DurableTaskClient> _client = new("name");

    [Fact]
    public async Task Durable_is_well_when_its_store_answers() => Assert.Equal((200, """{"status":"ok","dependencies":{"storage":"ok","durable":"ok"}}"""), await AskAsync());

    [Fact]
    public async Task Durable_has_failed_when_its_store_does_not_answer()
    {
        _client.Setup(client => client.GetInstanceAsync(It.IsAny<string>(), It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new InvalidOperationException("no store"));
        _client.Setup(client => client.GetInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new InvalidOperationException("no store"));

        Assert.Equal((503, """{"status":"failed","dependencies":{"storage":"ok","durable":"failed"}}"""), await AskAsync());
    }

    private async Task<(int Status, string Body)> AskAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddFuncChat(builder.Configuration);
        await using var app = builder.Build();
        var http = new DefaultHttpContext { RequestServices = app.Services, Response = { Body = new MemoryStream() } };
        await (await CatalogFunctions.HealthAsync(http.Request, _client.Object)).ExecuteAsync(http);
        http.Response.Body.Position = 0;
        using var reader = new StreamReader(http.Response.Body);
        return (http.Response.StatusCode, await reader.ReadToEndAsync());
    }
}
