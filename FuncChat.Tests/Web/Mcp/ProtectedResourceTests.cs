using FuncChat.Web.Mcp;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Mcp;

public sealed class ProtectedResourceTests
{
    [Theory]
    [InlineData("func-chat.azurewebsites.net", "https://func-chat.azurewebsites.net")]
    [InlineData("localhost:7071", "http://localhost:7071")] // as `func start` sets it
    [InlineData("127.0.0.1:7071", "http://127.0.0.1:7071")]
    [InlineData(null, "http://proxy:1234")]
    public void Origin_is_that_of_the_host_and_plain_on_this_machine(string? site, string origin)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("WEBSITE_HOSTNAME", site)]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        (http.Request.Scheme, http.Request.Host) = ("http", new HostString("proxy", 1234));

        Assert.Equal(origin, ProtectedResource.OriginOf(http));
    }
}
