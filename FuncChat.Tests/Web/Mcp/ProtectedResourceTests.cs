using FuncChat.Web;
using FuncChat.Web.Mcp;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Mcp;

public sealed class ProtectedResourceTests
{
    [Theory]
    [InlineData("func-chat.azurewebsites.net", null, "https://func-chat.azurewebsites.net")]
    [InlineData("localhost:7071", null, "http://localhost:7071")] // as `func start` sets it
    [InlineData("127.0.0.1:7071", null, "http://127.0.0.1:7071")]
    [InlineData(null, null, "http://proxy:1234")]
    [InlineData("func-chat.azurewebsites.net", "https://api.example.com", "https://api.example.com")]
    [InlineData(null, "https://gateway.example.com/chat/", "https://gateway.example.com/chat")]
    [InlineData(null, "http://bücher.example:8080", "http://xn--bcher-kva.example:8080")]
    [InlineData(null, "http://[2001:db8::1]:8080/chat", "http://[2001:db8::1]:8080/chat")]
    [InlineData(null, "https://[2001:DB8::1]", "https://[2001:db8::1]")]
    [InlineData("[::1]:7071", null, "http://[::1]:7071")]
    public void Origin_is_that_of_the_setting_or_of_the_host_and_plain_on_this_machine(string? site, string? setting, string origin)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("WEBSITE_HOSTNAME", site)]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration)
            .Configure<HttpApiOptions>(options => options.PublicUrl = setting).BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        (http.Request.Scheme, http.Request.Host) = ("http", new HostString("proxy", 1234));

        Assert.Equal(origin, ProtectedResource.OriginOf(http));
    }
}
