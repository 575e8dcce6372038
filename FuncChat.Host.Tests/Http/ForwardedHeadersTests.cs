using FuncChat.Http;
using FuncChat.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace FuncChat.Host.Tests.Http;

public sealed class ForwardedHeadersTests
{
    // As the host sends it.
    private const string Received =
        """{"Accept":"*/*","Host":"127.0.0.1:7071","X-Forwarded-For":"8.8.8.8","X-Forwarded-Host":"chat.example.com","Forwarded":"for=8.8.8.8","X-Other":"1"}""";

    [Fact]
    public async Task Server_that_answers_only_its_machine_sees_what_a_proxy_sends()
    {
        var headers = await InvokeAsync(Received);

        Assert.Equal("8.8.8.8", headers["X-Forwarded-For"]);
        Assert.Equal("chat.example.com", headers["X-Forwarded-Host"]);
        Assert.Equal("for=8.8.8.8", headers["Forwarded"]);
        Assert.Equal(["Forwarded", "X-Forwarded-For", "X-Forwarded-Host"], headers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_host_and_the_worker_add_is_no_sign_of_a_proxy()
    {
        var added = new HeaderDictionary
        {
            ["X-Original-For"] = "127.0.0.1:50000",
            ["X-Original-Host"] = "localhost:40000",
            ["X-Original-Proto"] = "http",
            ["X-Forwarded-For"] = "127.0.0.1",
            ["X-Other"] = "1",
        };

        var direct = await InvokeAsync("""{"Accept":"*/*","Host":"127.0.0.1:7071"}""", added);
        var proxied = await InvokeAsync("""{"X-Forwarded-For":"8.8.8.8","X-Original-Proto":"https"}""", added);

        Assert.Equal(["X-Other"], direct.Keys);
        Assert.Equal("8.8.8.8", proxied["X-Forwarded-For"]);
        Assert.Equal("https", proxied["X-Original-Proto"]);
        Assert.Equal(["X-Forwarded-For", "X-Original-Proto", "X-Other"], proxied.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"Accept":"*/*","Host":"127.0.0.1:7071"}""")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Request_without_a_proxy_stays_as_it_is(string? received) => Assert.Empty(await InvokeAsync(received));

    [Fact]
    public async Task Server_that_others_may_use_keeps_the_request_as_it_is() =>
        Assert.Empty(await InvokeAsync(Received, ("FuncChat:Auth:AllowAnonymous", "true")));

    private static Task<IHeaderDictionary> InvokeAsync(string? received, params (string Name, string Value)[] settings) => InvokeAsync(received, new HeaderDictionary(), settings);

    private static async Task<IHeaderDictionary> InvokeAsync(string? received, IHeaderDictionary added, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        foreach (var (name, value) in settings)
            configuration[name] = value;
        await using var services = new ServiceCollection().AddLogging().AddFuncChat(configuration).BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        foreach (var (name, value) in added)
            http.Request.Headers[name] = value;
        var binding = new Mock<BindingContext>();
        binding.Setup(each => each.BindingData).Returns(received is null ? [] : new Dictionary<string, object?> { ["Headers"] = received });
        var context = new Mock<FunctionContext>();
        context.Setup(each => each.Items).Returns(new Dictionary<object, object> { ["HttpRequestContext"] = http });
        context.Setup(each => each.InstanceServices).Returns(services);
        context.Setup(each => each.BindingContext).Returns(binding.Object);
        var called = false;

        await new ForwardedHeaders().Invoke(context.Object, _ =>
        {
            called = true;
            return Task.CompletedTask;
        });

        Assert.True(called);
        return http.Request.Headers;
    }
}
