using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Tests.Grid5000;

/// <summary>Who the API is, who we are, and what nobody gets to see.</summary>
public sealed class ApiSecurityTests
{
    const string Password = "s3cret-Pässword";

    /// <summary>A grid of which only the API exists, at a real address.</summary>
    sealed class ApiOnly(HttpClient api) : IGrid
    {
        public string Name => "api";
        public string User => "jdoe";
        public string? LocalSite => null;
        public string HomeDirectory => "";
        public TimeProvider Time => TimeProvider.System;
        public HttpClient Api => api;
        public List<string> Calls { get; } = [];
        public void OnApiCall(ApiCallRecord call) => Calls.Add(call.ToString());
        public IReadOnlyList<string> ConnectArguments => [];
        public IFrontend GetFrontend(string site) => throw new InvalidOperationException("No test of the API needs a front-end.");
        public ValueTask DisposeAsync() => default;
    }

    /// <summary>Answers one request, and gives what was asked.</summary>
    static async Task<string> AnswerOnceAsync(TcpListener listener, string answer, X509Certificate2? certificate = null)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        Stream stream = client.GetStream();
        if (certificate is not null)
        {
            var secure = new SslStream(stream);
            await secure.AuthenticateAsServerAsync(certificate);
            stream = secure;
        }
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int count = await stream.ReadAsync(buffer);
            if (count == 0) break;
            request.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        return request.ToString();
    }

    static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    static string Answer(int status, string body, string header = "") =>
        $"HTTP/1.1 {status} X\r\n{header}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    [Fact]
    public async Task The_login_goes_to_the_API_and_is_told_nowhere_else()
    {
        using TcpListener listener = Listen(), elsewhere = Listen();
        var credential = new NetworkCredential("jdoe", Password);
        using HttpClient client = SshGridApi.CreateWithLogin(new Uri($"http://{listener.LocalEndpoint}/stable"), credential);
        Task<string> first = AnswerOnceAsync(listener, Answer(302, "", $"Location: http://{elsewhere.LocalEndpoint}/stable/sites\r\n"));
        Task<string> second = AnswerOnceAsync(elsewhere, Answer(200, "{\"items\":[]}"));
        await using var grid = new ApiOnly(client);
        Assert.Empty(await new Grid5000Client(grid).GetSitesAsync().ToListAsync());
        string header = "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"jdoe:{Password}"));
        Assert.Contains(header, await first, StringComparison.Ordinal);
        Assert.Contains("GET /stable/sites", await first, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", await second, StringComparison.OrdinalIgnoreCase); // another host does not get it
        var options = new SshGridOptions { ApiCredential = credential };
        Assert.All([.. grid.Calls, options.ToString(), credential.ToString()!],
            text => Assert.DoesNotContain(Password, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_login_says_so_and_is_not_tried_again()
    {
        using TcpListener listener = Listen();
        using HttpClient client = SshGridApi.CreateWithLogin(new Uri($"http://{listener.LocalEndpoint}/stable/"),
            new NetworkCredential("jdoe", Password));
        Task<string> served = AnswerOnceAsync(listener, Answer(401, "Unauthorized", "WWW-Authenticate: Basic realm=\"Grid'5000 API\"\r\n"));
        await using var grid = new ApiOnly(client);
        ApiRefusedException e = await Assert.ThrowsAsync<ApiRefusedException>(async () => await new Grid5000Client(grid).GetSitesAsync()
            .ToListAsync());
        await served;
        Assert.Equal((ErrorKind.PermissionDenied, HttpStatusCode.Unauthorized), (e.Kind, e.Status));
        Assert.Contains("password is wrong", e.Recommendation, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, e.ToString(), StringComparison.Ordinal);
        Assert.Single(grid.Calls);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_ends_it_before_anything_is_sent()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 made = new CertificateRequest("CN=api.grid5000.fr", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        using TcpListener listener = Listen();
        using HttpClient client = SshGridApi.CreateWithLogin(new Uri($"https://{listener.LocalEndpoint}/stable/"),
            new NetworkCredential("jdoe", Password));
        Task<string> served = AnswerOnceAsync(listener, Answer(200, "{\"items\":[]}"), certificate);
        await using var grid = new ApiOnly(client);
        G5kException e = await Assert.ThrowsAsync<G5kException>(async () => await new Grid5000Client(grid).GetSitesAsync().ToListAsync());
        Assert.Equal("ApiCertificateNotTrusted", e.Code);
        Assert.Single(grid.Calls);
        try { Assert.Equal("", await served); }
        catch (Exception broken) when (broken is IOException or System.Security.Authentication.AuthenticationException) { /* the client has hung up */ }
    }

    [Theory]
    [InlineData("http://api.grid5000.fr/stable/", "jdoe", "AddressNotSecure")]
    [InlineData("https://api.grid5000.fr/stable/", "jd:oe", "CredentialNotValid")]
    [InlineData("https://api.grid5000.fr/stable/", "", "CredentialNotValid")]
    public async Task A_password_is_only_sent_where_it_is_safe(string address, string user, string code)
    {
        var options = new SshGridOptions { Sites = ["nancy"], Api = new Uri(address), ApiCredential = new NetworkCredential(user, Password) };
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => SshGrid.OpenAsync(options));
        Assert.Equal(code, e.Code);
        Assert.DoesNotContain(Password, e.ToString(), StringComparison.Ordinal);
    }
}
