"""The weekly link check, on a small site and a server of this machine."""

import http.server
import threading

import links
import pytest


class Answers(http.server.BaseHTTPRequestHandler):
    """The path is the status to give; /late fails once."""

    failed: set[str] = set()  # noqa: RUF012

    def do_GET(self):
        status = self.path.strip("/")
        if status == "late":
            status = "200" if self.path in self.failed else "503"
            self.failed.add(self.path)
        self.send_response(int(status))
        if status == "302":
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    Answers.failed.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture
def site(tmp_path):
    def write(*addresses):
        (tmp_path / "deep").mkdir()
        body = "".join(f'<p><a class="x" href="{one}">there</a></p>' for one in addresses)
        (tmp_path / "deep" / "page.html").write_text(body, encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("path", "status"),
    [("200", 0), ("302", 0), ("403", 0), ("429", 0), ("late", 0), ("404", 1), ("410", 1), ("500", 1)],
)
def test_only_what_leads_nowhere_is_broken(server, site, capsys, path, status):
    assert links.main(site(f"{server}/{path}"), tries=2, pause=0) == status
    told = capsys.readouterr().out
    assert (f"BROKEN: {server}/{path} (" in told) == bool(status)
    assert f"1 addresses asked, {status} broken." in told


def test_a_server_that_is_not_there_is_broken(site, capsys):
    assert links.main(site("http://127.0.0.1:9/"), tries=1, pause=0) == 1
    assert "deep/page.html" in capsys.readouterr().out


def test_each_address_is_asked_once_and_only_those_outside(site):
    found = links.outside(site("https://a.org/?x=1&amp;y=2#part", "https://a.org/?x=1&amp;y=2", "other.html"))
    assert found == {"https://a.org/?x=1&y=2": ["deep/page.html"]}


def test_a_folder_without_pages_is_told(tmp_path, capsys):
    assert links.main(tmp_path) == 2
    assert "make book" in capsys.readouterr().err
